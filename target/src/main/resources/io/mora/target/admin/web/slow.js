// Commands that took long, stage by stage.
import {get} from './api.js';
import {button, empty, h, head, segment, table} from './dom.js';
import {cause, words} from './now.js';
import {bytes, figure, moment, roundTime, shortNqn, time, timeParts} from './units.js';

export const label = 'Slow I/O';
export const every = 4000;

const STAGES = {
  leave: 'leave to ask for data', buffer: 'memory', host: 'the host\'s data', scheduled: 'in line', device: 'the device', send: 'sending',
};
const LIMIT = 50;
let opened = '';
let order = 'latest';

export async function load() {
  const slow = (await get('/slow?limit=' + LIMIT)).slow;
  const seen = new Map();
  // Commands that were answered together may be alike in everything: they are counted then.
  slow.forEach(io => {
    const alike = [io.at, io.host, io.qid, io.nsid, io.totalNs].join(' ');
    seen.set(alike, (seen.get(alike) ?? 0) + 1);
    io.key = `${alike} ${seen.get(alike)}`;
  });
  return slow;
}

/** All stages of a command in one bar: what part of its time each took. */
function bar(io) {
  const width = ns => (ns / io.totalNs * 100).toFixed(2) + '%';
  const told = io.stages.reduce((sum, s) => sum + s.ns, 0);
  return h('div', {class: 'stages', role: 'img', 'aria-label': io.stages.filter(s => s.ns > 0).map(s => `${STAGES[s.stage]} ${time(s.ns)}`).join(', ')},
    io.stages.filter(s => s.ns > 0).map(s => h('i', {class: 's-' + s.stage, style: {width: width(s.ns)}})),
    io.totalNs > told ? h('i', {class: 's-other', style: {width: width(io.totalNs - told)}}) : null);
}

/** Each stage from where the one before it ended. */
function waterfall(io) {
  let from = 0;
  const percent = ns => (ns / io.totalNs * 100).toFixed(2) + '%';
  const due = io.budgetNs > 0 && io.budgetNs < io.totalNs ? h('b', {style: {left: percent(io.budgetNs)}}) : null;
  const rows = io.stages.map(({stage, ns}) => {
    const begin = from;
    from += ns;
    return [
      h('span', {class: ns > 0 ? null : 'what'}, STAGES[stage]),
      h('div', {class: 'lane', 'aria-hidden': 'true'},
        ns > 0 ? h('i', {class: 's-' + stage, style: {left: percent(begin), width: percent(ns)}}) : null, due?.cloneNode()),
      h('span', {class: 'took' + (ns > 0 ? '' : ' what')}, time(ns)),
    ];
  });
  return h('div', {},
    h('div', {class: 'waterfall'}, rows),
    h('p', {class: 'dim'}, io.late
      ? `Late: most of what it should not have taken was ${cause(io.late)}. Budget ${roundTime(io.budgetNs)}, taken ${time(io.totalNs)}.`
      : io.budgetNs > 0 ? `Within its budget of ${roundTime(io.budgetNs)}, but longer than the threshold for slow.` : 'It had no budget.'));
}

function toggle(io, ctx) {
  opened = opened === io.key ? '' : io.key;
  ctx.redraw();
}

export function draw(slow, ctx) {
  const shown = order === 'latest' ? slow : [...slow].sort((a, b) => b.totalNs - a.totalNs);
  const choice = segment('Order', [['latest', 'Latest first'], ['longest', 'Longest first']], order, value => {
    order = value;
    ctx.redraw();
  });
  return [
    head('Slow commands', 'The last that took longer than latencyIntent.slowThreshold or than their budget: where each one\'s time went.', choice),
    slow.length === 0 ? null : h('p', {class: 'legend'}, Object.entries(STAGES).map(([stage, name]) => h('span', {}, h('i', {class: 's-' + stage}), name))),
    h('div', {class: 'panel'}, slow.length === 0
      ? empty('No slow commands', 'Nothing took longer than the threshold. To see more, lower latencyIntent.slowThreshold under ', h('a', {href: '#/config'}, 'Configuration'), '.')
      : table([
        {label: 'At', head: true, cell: io => moment(io.at, true)},
        {label: 'Took', num: true, cell: io => figure(timeParts(io.totalNs))},
        {label: 'Where', cell: io => bar(io)},
        {label: 'Late because of', cell: io => (io.late ? h('span', {class: 'bad'}, cause(io.late)) : h('span', {class: 'dim'}, 'not late'))},
        {label: 'Command', cell: io => h('span', {}, `${io.opcode.toLowerCase()} ${bytes(io.bytes)}`, h('span', {class: 'sub'}, `${words(io.class)}, namespace ${io.nsid}, queue ${io.qid}`))},
        {label: 'Host', class: () => 'clip', cell: io => (io.host ? shortNqn(io.host) : h('span', {class: 'dim'}, 'gone'))},
        {label: 'Stages', act: true, cell: io => button(opened === io.key ? 'Close' : 'Stages', event => {
          event.stopPropagation();
          toggle(io, ctx);
        }, 'quiet', {'aria-expanded': String(opened === io.key), 'aria-label': `Stages of the command at ${io.at}`})},
      ], shown, {
        caption: 'Slow commands', key: io => io.key, row: () => 'slow',
        more: io => (opened === io.key ? waterfall(io) : null),
        on: io => ({click: () => toggle(io, ctx)}),
      })),
  ];
}
