// Numbers as people read them: three digits that count, and always a unit.
import {h} from './dom.js';

const SPACE = '\u2009';
const SHORT_MAX = 24;
const SHORT_HEAD = 13;
const SHORT_TAIL = 8;

function digits(value) {
  if (value >= 100) {
    return String(Math.round(value));
  }
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function scaled(value, units, step) {
  let at = 0;
  // What would be shown as 1000 is one of the next unit.
  while (at < units.length - 1 && Math.round(value) >= step) {
    value /= step;
    at++;
  }
  return [at === 0 && Number.isInteger(value) ? String(value) : digits(value), units[at]];
}

/** Nanoseconds as [digits, unit]. */
export const timeParts = ns => scaled(ns, ['ns', 'µs', 'ms', 's'], 1000);
/** Commands as [digits, unit]. */
export const countParts = (n, unit = '') => {
  const [text, prefix] = scaled(n, ['', 'k', 'M', 'G', 'T'], 1000);
  return [text, prefix + unit];
};
export const bytesParts = (n, per = '') => {
  const [text, unit] = scaled(n, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024);
  return [text, unit + per];
};

const joined = ([text, unit]) => (unit ? text + SPACE + unit : text);
export const time = ns => joined(timeParts(ns));
/** A time that somebody chose: 5 ms, not 5.00 ms. */
export const roundTime = ns => time(ns).replace(/\.0+(?=\D)/, '');
/** The same of a rate. */
export const roundRate = n => rate(n).replace(/\.0+(?=\D)/, '');
export const count = n => Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, SPACE);
export const bytes = n => joined(bytesParts(n));
export const rate = n => joined(countParts(n, '/s'));

/** A share of 1 as [digits, %]; what is not nothing is not shown as nothing. */
export function shareParts(share) {
  const percent = share * 100;
  if (percent === 0) {
    return ['0', '%'];
  }
  if (percent < 0.01) {
    return ['<\u20090.01', '%'];
  }
  return [percent < 10 ? percent.toFixed(2) : percent.toFixed(1), '%'];
}
export const share = value => joined(shareParts(value));

/** A number with its unit beside it in a quieter voice, so that digits line up. */
export function figure([text, unit]) {
  return h('span', {}, text, h('span', {class: 'u'}, unit));
}

/** Where there is nothing to measure. */
export const none = () => h('span', {class: 'dim'}, '–', h('span', {class: 'u'}));

/** Length of a span of time in words: 3 d 4 h, 12 min, 8 s. */
export function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) {
    return s + SPACE + 's';
  }
  if (s < 3600) {
    return Math.floor(s / 60) + SPACE + 'min';
  }
  if (s < 86400) {
    return Math.floor(s / 3600) + SPACE + 'h ' + Math.floor(s % 3600 / 60) + SPACE + 'min';
  }
  return Math.floor(s / 86400) + SPACE + 'd ' + Math.floor(s % 86400 / 3600) + SPACE + 'h';
}

const two = n => String(n).padStart(2, '0');

/** Local time of day; with the date where it is another day. */
export function clock(iso, withMs = false) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? '' : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} `;
  const ms = withMs ? '.' + String(at.getMilliseconds()).padStart(3, '0') : '';
  return `${day}${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${ms}`;
}

/** A moment; the whole of it on hovering. */
export const moment = (iso, withMs) => h('time', {datetime: iso, title: iso}, clock(iso, withMs));

/** An NQN, its authority quieter than the name that tells it from others. */
export function nqn(text) {
  const colon = text.indexOf(':') + 1;
  return h('span', {class: 'nqn'},
    colon > 0 ? h('span', {class: 'authority'}, text.slice(0, colon)) : null, h('span', {}, text.slice(colon)));
}

/** Only the name, where there is little room; all of it on hovering. */
export function shortNqn(text) {
  const name = text.slice(text.indexOf(':') + 1);
  const long = name.length > SHORT_MAX;
  return h('span', {class: 'nqn', title: text}, long ? `${name.slice(0, SHORT_HEAD)}…${name.slice(-SHORT_TAIL)}` : name);
}

/** Text with a size as the configuration has it: 256MiB. */
export const size = text => text.replace(/^(\d+)([A-Za-z]+)$/, '$1' + SPACE + '$2');
