// At a glance: does every class keep its budget, and who is busy?
import {get} from './api.js';
import {empty, h, head, part, table} from './dom.js';
import {bytesParts, count, countParts, figure, moment, none, nqn, roundTime, share, shareParts, shortNqn, span, time, timeParts} from './units.js';

export const label = 'Now';
export const every = 2000;
const WINDOW_S = 10;
const TOP = 5;

export async function load() {
  const [health, classes, top, modes, events] = await Promise.all([
    get('/health'), get('/classes?window=' + WINDOW_S), get('/top?window=' + WINDOW_S), get('/modes'), get('/events?kind=log&limit=100'),
  ]);
  return {health, classes, top, modes: modes.modes, events: events.events};
}

/** A number a second; nothing while the first seconds are not over. */
const per = (n, seconds) => (seconds > 0 ? n / seconds : null);

function verdict({health, classes, modes}) {
  if (!health.ready) {
    return ['warn', 'The target is stopping'];
  }
  if (classes.windowSeconds === 0) {
    return ['', 'Taking the first reading'];
  }
  const over = classes.classes.filter(c => c.commands > 0 && c.budgetNs > 0 && c.p99Ns > c.budgetNs);
  if (over.length) {
    const worst = over[0];
    const others = over.length > 1 ? ` and ${over.length - 1} more` : '';
    return ['bad', `${capital(words(worst.class))}${others} over budget: p99 ${time(worst.p99Ns)} of ${roundTime(worst.budgetNs)}`];
  }
  const late = classes.classes.filter(c => c.late > 0);
  if (late.length) {
    return ['warn', `p99 within budget; some late: ${late.map(c => words(c.class)).join(', ')}`];
  }
  const busy = classes.classes.some(c => c.commands > 0);
  if (!busy) {
    return ['ok', 'Ready, nothing to do'];
  }
  const broken = modes.filter(m => m.broken > 0).length;
  return ['ok', broken ? 'Within budget now; promises were broken before' : 'Every class within its budget'];
}

export const words = name => name.replace('_', ' ');
const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

function figures({health, top, classes, modes}) {
  const seconds = top.windowSeconds;
  const total = top.total;
  const rate = per(total.commands, seconds);
  const flow = per(total.bytes, seconds);
  const deferred = classes.classes.reduce((sum, c) => sum + c.intent.deferred, 0) + classes.withoutIntent.deferred;
  const inForce = [...new Set(modes.map(m => m.mode))];
  const item = (name, value, note) => h('div', {}, h('dt', {}, name), h('dd', {class: 'figure'}, value), note ? h('dd', {class: 'note'}, note) : null);
  return h('dl', {class: 'panel figures'},
    item('Commands', rate === null ? none() : figure(countParts(rate, '/s'))),
    item('Data', flow === null ? none() : figure(bytesParts(flow, '/s'))),
    item('p99', total.commands ? figure(timeParts(total.p99Ns)) : none(), 'all classes'),
    item('Late', total.commands ? figure(shareParts(total.late / total.commands)) : none(), `${count(total.late)} commands`),
    item('Deferred', figure(countParts(deferred)), 'waited for others'),
    item('Connections', String(health.connections), 'open'),
    item('Mode', inForce.length === 0 ? none() : inForce.length === 1 ? inForce[0] : 'mixed',
      inForce.length > 1 ? inForce.join(', ') : `${modes.length} namespace${modes.length === 1 ? '' : 's'}`));
}

/** p99 as a bar of one and a half budgets, and in words. */
function budget(c) {
  if (!c.budgetNs) {
    return h('span', {class: 'dim'}, 'no budget');
  }
  const ratio = c.commands ? c.p99Ns / c.budgetNs : 0;
  const kind = ratio > 1 ? 'bad' : ratio > 0.8 ? 'warn' : 'ok';
  const times = ratio < 10 ? `${Math.round(ratio * 100)}\u2009% of` : `${Math.round(ratio)} times`;
  const said = c.commands ? `${times} ${roundTime(c.budgetNs)}` : `budget ${roundTime(c.budgetNs)}`;
  return h('div', {class: 'budget'},
    h('div', {class: 'bullet ' + kind, 'aria-hidden': 'true'},
      c.commands ? h('i', {style: {width: Math.min(100, ratio / 1.5 * 100).toFixed(1) + '%'}}) : null),
    h('span', {class: 'said' + (ratio > 1 ? ' bad' : '')}, said));
}

const CAUSES = {
  token_bucket: 'over its rate', r2t_wait: 'waiting to send data', buffer_wait: 'waiting for memory',
  admission: 'in line', device: 'the device', send: 'sending',
};
export const cause = word => CAUSES[word] ?? word;

function late(c) {
  if (!c.late) {
    return c.commands ? h('span', {class: 'dim'}, figure(shareParts(0))) : none();
  }
  return figure(shareParts(c.late / c.commands));
}

/** What most of the late commands lost their time to. */
function mostly(c) {
  const [main] = Object.entries(c.lateByCause).sort((a, b) => b[1] - a[1])[0] ?? [];
  return main ? cause(main) : h('span', {class: 'dim'}, '–');
}

function classTable({classes}) {
  const seconds = classes.windowSeconds;
  const ran = cell => c => (c.commands ? cell(c) : none());
  return table([
    {label: 'Class', head: true, cell: c => words(c.class)},
    {label: 'Commands', num: true, cell: c => {
      const rate = per(c.commands, seconds);
      return rate === null || !c.commands ? none() : figure(countParts(rate, '/s'));
    }},
    {label: 'p50', num: true, cell: ran(c => figure(timeParts(c.p50Ns)))},
    {label: 'p99', num: true, cell: ran(c => figure(timeParts(c.p99Ns)))},
    {label: 'p99.9', num: true, cell: ran(c => figure(timeParts(c.p999Ns)))},
    {label: 'p99 of budget', cell: budget, class: () => 'keep'},
    {label: 'Late', num: true, cell: late},
    {label: 'Mostly by', cell: mostly, class: () => 'flat', none: c => !c.late},
    {label: 'Deferred', num: true, bare: true, cell: c => (c.commands ? count(c.intent.deferred) : none())},
  ], classes.classes, {
    caption: 'Latency classes, the most urgent first', dense: true, key: c => c.class, row: c => (c.commands ? null : 'idle'),
  });
}

function busiest(title, key, rows, seconds, link) {
  const shown = rows.filter(row => row.commands > 0).slice(0, TOP);
  const content = shown.length === 0
    ? h('div', {class: 'panel'}, empty('Nobody did anything', `in the last ${WINDOW_S} seconds.`))
    : h('div', {class: 'panel'}, table([
      {label: title, head: true, cell: row => shortNqn(row[key])},
      {label: 'Commands', num: true, cell: row => { const r = per(row.commands, seconds); return r === null ? none() : figure(countParts(r, '/s')); }},
      {label: 'Data', num: true, cell: row => { const r = per(row.bytes, seconds); return r === null ? none() : figure(bytesParts(r, '/s')); }},
      {label: 'p99', num: true, cell: row => figure(timeParts(row.p99Ns))},
      {label: 'Late', num: true, cell: row => figure(shareParts(row.late / row.commands))},
    ], shown, {caption: title + ', the busiest first', dense: true, key: row => row[key]}));
  return part(title + 's', `busiest in ${WINDOW_S}\u2009s`, content, h('a', {href: link}, 'All'));
}

function promises(modes) {
  const content = modes.length === 0
    ? h('div', {class: 'panel'}, empty('No namespace is served', 'Promises are of namespaces. ', h('a', {href: '#/subsystems'}, 'Create one')))
    : h('div', {class: 'panel'}, table([
      {label: 'Namespace', head: true, cell: m => nqn(`${m.subsystem} / ${m.nsid}`)},
      {label: 'Mode', cell: m => m.mode},
      {label: 'Promise', cell: m => `${share(1 - m.promise.missesPer10k / 10000)} of ${words(m.promise.class)} within ${roundTime(m.promise.targetNs)}`},
      {label: 'Missed', num: true, cell: m => (m.commands ? figure(shareParts(m.misses / m.commands)) : none())},
      {label: 'Windows broken', cell: m => h('span', {class: m.broken ? 'bad' : null}, `${count(m.broken)} of ${count(m.windows)}`)},
      {label: 'In force', cell: m => span(m.inForceNs / 1e6)},
    ], modes, {caption: 'Latency modes and their promises', key: m => m.subsystem + m.nsid}));
  return part('Promises', 'of each latency mode, since it is in force', content);
}

function warnings(events) {
  const shown = events.filter(e => e.level !== 'info').reverse().slice(0, TOP);
  const content = shown.length === 0
    ? h('div', {class: 'panel'}, empty('No warnings', 'among the last events.'))
    : h('div', {class: 'panel'}, table([
      {label: 'At', cell: e => moment(e.at)},
      {label: 'Level', cell: e => h('span', {class: 'mark ' + (e.level === 'error' ? 'bad' : 'warn')}, e.level)},
      {label: 'What', cell: e => h('span', {class: 'msg'}, e.message)},
    ], shown, {caption: 'Warnings', key: e => String(e.number)}));
  return part('Warnings', null, content, h('a', {href: '#/events'}, 'All events'));
}

export function draw(data) {
  const [kind, text] = verdict(data);
  const seconds = data.top.windowSeconds;
  return [
    head(h('span', {class: 'verdict ' + kind, role: 'status'}, text),
      seconds > 0 ? `The last ${seconds < 1.5 ? 'second' : span(seconds * 1000)}.` : 'Since the start; rates come with the second reading.'),
    data.health.configurationWritten ? null : h('div', {class: 'banner warn'},
      h('span', {}, 'The configuration file was edited by hand: what runs is not what is written.'),
      h('div', {class: 'actions'}, h('a', {href: '#/config'}, 'Compare'))),
    figures(data),
    part('Classes', null, h('div', {class: 'panel'}, classTable(data))),
    h('div', {class: 'pair'},
      busiest('Host', 'host', data.top.hosts, seconds, '#/hosts'),
      busiest('Namespace', 'namespace', data.top.namespaces, seconds, '#/subsystems')),
    promises(data.modes),
    warnings(data.events),
  ];
}
