// What happened: changes, and what the log says of connections and failures.
import {get} from './api.js';
import {empty, h, head, segment, table} from './dom.js';
import {moment} from './units.js';

export const label = 'Events';
export const every = 3000;

const KEPT = 2048;
const filter = {kind: 'all', level: 'all', text: ''};
let known = {last: 0, events: []};

export async function load() {
  const {last, events} = await get(`/events?limit=${KEPT}&since=${known.last}`);
  if (last < known.last) {
    known = {last: 0, events: []}; // Another run of the target.
    return load();
  }
  known = {last, events: [...known.events, ...events].slice(-KEPT)};
  return known.events;
}

const LEVELS = {info: '', warn: 'warn', error: 'bad'};
const SHOWN = 200;

function matches(event) {
  return (filter.kind === 'all' || event.kind === filter.kind)
      && (filter.level === 'all' || event.level !== 'info')
      && (filter.text === '' || `${event.source} ${event.message}`.toLowerCase().includes(filter.text));
}

export function draw(events, ctx) {
  const choose = (key, value) => {
    filter[key] = value;
    ctx.redraw();
  };
  const found = events.filter(matches);
  const shown = found.slice(-SHOWN).reverse();
  return [
    head('Events', 'Who changed what, and what the target tells of hosts, limits and failures. It keeps 1024 of each since its start.'),
    h('div', {class: 'filters'},
      segment('Kind', [['all', 'All'], ['change', 'Changes'], ['log', 'Log']], filter.kind, value => choose('kind', value)),
      segment('Level', [['all', 'Every level'], ['warn', 'Warnings']], filter.level, value => choose('level', value)),
      h('input', {type: 'search', 'aria-label': 'Search events', placeholder: 'Search', on: {input: e => choose('text', e.target.value.trim().toLowerCase())}}),
      h('span', {class: 'dim'}, found.length > SHOWN ? `the latest ${SHOWN} of ${found.length}` : `${found.length} event${found.length === 1 ? '' : 's'}`)),
    h('div', {class: 'panel'}, shown.length === 0
      ? empty(events.length ? 'No event matches' : 'Nothing has happened yet', events.length ? 'Change the filter above.' : 'Events appear when a host connects or somebody changes something.')
      : table([
        {label: 'At', head: true, cell: e => moment(e.at)},
        {label: 'Level', cell: e => h('span', {class: 'mark ' + LEVELS[e.level]}, e.level)},
        {label: 'Kind', cell: e => e.kind},
        {label: 'Source', cell: e => e.source},
        {label: 'What', class: () => 'event', cell: e => h('span', {class: 'msg'}, e.message)},
      ], shown, {caption: 'Events, the latest first', key: e => String(e.number)})),
  ];
}
