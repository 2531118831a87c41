// Latency over time, a heatmap for each class that ran.
import {get} from './api.js';
import {empty, h, head, segment} from './dom.js';
import {Heatmap} from './heatmap.js';
import {words} from './now.js';
import {span} from './units.js';

export const label = 'Latency';
export const every = 5000;

const RANGES = [[60, '5 min'], [180, '15 min'], [360, '30 min']];
const state = {range: 60, last: 0, steps: [], started: '', edges: [], stepSeconds: 5, kept: 360};
const maps = new Map();

/** Only what came since the last reading; all of it after a restart of the target. */
export async function load() {
  const [version, classes] = await Promise.all([get('/version'), get('/classes')]);
  if (version.started !== state.started) {
    Object.assign(state, {started: version.started, last: 0, steps: []});
  }
  const history = await get('/classes/history?since=' + state.last);
  state.edges = history.edgesNs;
  state.stepSeconds = history.stepSeconds;
  state.kept = history.stepsKept;
  state.steps = [...state.steps, ...history.steps.filter(step => step.number > state.last)].slice(-state.kept);
  state.last = history.last;
  return classes.classes;
}

function choose(range, ctx) {
  state.range = range;
  ctx.redraw();
}

const ran = () => new Set(state.steps.slice(-state.range).flatMap(step => step.classes.map(c => c.class)));

export function draw(classes, ctx) {
  const shown = classes.filter(c => ran().has(c.class));
  const range = span(state.range * state.stepSeconds * 1000);
  return [
    head('Latency over time', 'How long commands took inside this target, counted every '
      + `${state.stepSeconds} seconds. The stronger a colour, the more of them, each column for itself.`,
    segment('Time shown', RANGES, state.range, value => choose(value, ctx))),
    h('p', {class: 'legend'},
      h('span', {class: 'scale'}, 'few', h('i', {}), 'many commands'),
      h('span', {class: 'scale'}, h('i', {class: 'solid'}), 'p99'),
      h('span', {class: 'scale'}, h('i', {class: 'dash'}), 'budget of a command that names none')),
    shown.length === 0
      ? h('div', {class: 'panel'}, empty('Nothing ran in the last ' + range,
        'Times appear here some seconds after a host reads or writes. The target keeps half an hour, whether or not somebody looks.'))
      : h('div', {class: 'heats'}, shown.map(c => h('section', {class: 'panel heat', 'data-key': c.class},
        h('header', {}, h('h2', {}, words(c.class)), h('p', {class: 'read', 'data-own': '', 'aria-live': 'polite'})),
        h('canvas', {'data-own': '', tabindex: 0, role: 'img'})))),
  ];
}

export function after(classes, main) {
  for (const section of main.querySelectorAll('.heat')) {
    const name = section.dataset.key;
    const canvas = section.querySelector('canvas');
    let map = maps.get(name);
    if (map?.canvas !== canvas) {
      map?.close();
      map = new Heatmap(canvas, section.querySelector('.read'));
      maps.set(name, map);
    }
    map.show(columns(name), {
      name: words(name), edges: state.edges, budgetNs: classes.find(c => c.class === name).budgetNs,
      stepSeconds: state.stepSeconds,
    });
  }
}

/** As many columns as the range has steps, the latest at the end; null where nothing is known. */
function columns(name) {
  const byNumber = new Map(state.steps.map(step => [step.number, step]));
  return Array.from({length: state.range}, (_, i) => {
    const step = byNumber.get(state.last - state.range + 1 + i);
    if (!step) {
      return null;
    }
    const of = step.classes.find(c => c.class === name);
    return {at: step.at, late: of?.late ?? 0, p99Ns: of?.p99Ns ?? 0, buckets: of?.buckets ?? [], counts: of?.counts ?? []};
  });
}

export function leave() {
  maps.forEach(map => map.close());
  maps.clear();
}
