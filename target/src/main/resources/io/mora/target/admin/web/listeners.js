// Where hosts come in.
import {del, getWithEtag, seg} from './api.js';
import {confirm, toast} from './dialog.js';
import {button, empty, h, head, table} from './dom.js';
import {edit} from './form.js';
import {classes} from './hosts.js';
import {words} from './now.js';

export const label = 'Listeners';
export const every = 5000;

const FIELDS = [
  {name: 'address', label: 'Address', mono: true, placeholder: '0.0.0.0', hint: 'IPv4 or IPv6 of this machine; 0.0.0.0 is every one.'},
  {name: 'port', label: 'Port', kind: 'number', initial: 4420, hint: '4420 is where hosts look first; 0 takes a free one.'},
  {name: 'subsystems', label: 'Only for these subsystems', kind: 'list', hint: 'NQNs, one a line; none is all of them.'},
  {name: 'class', label: 'Class without intent', kind: 'select', options: classes('none'), hint: 'A port for each class serves hosts that know nothing of classes.'},
  {name: 'advertise', label: 'Address that discovery tells', rest: true, placeholder: 'the one above'},
  {name: 'tls', label: 'TLS', kind: 'select', rest: true, initial: 'none', options: [['none', 'none: plain TCP'], ['allowed', 'allowed: both'], ['concatenated', 'required, by keys made on the spot too'], ['required', 'required']], hint: 'By the keys of hosts.'},
  {name: 'trust', label: 'What names are worth here', kind: 'select', rest: true, initial: 'proven', options: [['proven', 'only with a proof'], ['claimed', 'whatever hosts say']], hint: 'Classes above normal need a proof, or this: for networks where you know who connects.'},
  {name: 'ana', label: 'ANA groups', kind: 'list', rest: true, hint: 'Group and state, one a line, as 2 non-optimized.'},
];

/** IPv6 in brackets, as paths and the READY line have it. */
export const place = l => `${String(l.address ?? '').includes(':') ? `[${l.address}]` : l.address ?? ''}:${l.port ?? ''}`;
/** Without what the API adds in lists. */
const plain = ({bound, ...listener}) => listener;

export async function load() {
  const {body, etag} = await getWithEtag('/listeners');
  return {listeners: body.listeners, etag};
}

export async function open(ctx, listener, etag) {
  let value = {};
  let of = etag;
  if (listener) {
    const answer = await getWithEtag('/listeners/' + seg(place(listener)));
    value = answer.body;
    of = answer.etag;
  }
  const saved = await edit({
    title: listener ? `Edit listener ${place(listener)}` : 'Add a listener',
    lead: listener ? null : 'An address and port that hosts connect to. It serves at once.',
    list: listener ? FIELDS.map(f => (['address', 'port'].includes(f.name) ? {...f, fixed: true} : f)) : FIELDS,
    value, etag: of, fresh: !listener, prefix: /^listeners\[\d+\]\./,
    path: body => '/listeners/' + seg(place(body)),
    done: body => `Listener ${place(body)} saved`,
  });
  if (saved) {
    ctx.refresh();
  }
}

async function remove(ctx, listener) {
  const done = await confirm({
    title: `Delete listener ${place(listener)}?`, label: 'Delete listener',
    text: h('p', {class: 'dim'}, 'No host can connect here any more. Hosts that came in here keep their connections until they end.'),
  }, () => del('/listeners/' + seg(place(listener))));
  if (done) {
    toast('Listener deleted');
    ctx.refresh();
  }
}

export function draw({listeners, etag}, ctx) {
  return [
    head('Listeners', 'Where hosts come in. Each serves every subsystem unless it names some.',
      ctx.admin ? button('Add a listener', () => open(ctx, null, etag), 'main') : null),
    h('div', {class: 'panel'}, listeners.length === 0
      ? empty('Nothing listens', ctx.admin ? 'No host can connect. Add an address and a port, usually 4420.' : 'No host can connect. Whoever has role admin can add an address.')
      : table([
        {label: 'Address', head: true, cell: l => h('span', {class: 'mono'}, l.bound && l.bound !== place(l) ? l.bound : place(l))},
        {label: 'Configured as', cell: l => (l.bound && l.bound !== place(l) ? h('span', {class: 'mono dim'}, place(l)) : h('span', {class: 'dim'}, 'the same'))},
        {label: 'Serves', cell: l => (l.subsystems?.length ? h('span', {class: 'nqn'}, l.subsystems.join(', ')) : 'every subsystem')},
        {label: 'Class without intent', cell: l => (l.class ? words(l.class) : h('span', {class: 'dim'}, 'none'))},
        {label: 'ANA', cell: l => (l.ana?.length ? l.ana.join(', ') : h('span', {class: 'dim'}, 'optimized'))},
        ...(ctx.admin ? [{label: 'Actions', act: true, cell: l => [
          button('Edit', () => open(ctx, l, etag), 'quiet', {'aria-label': 'Edit listener ' + place(l)}),
          button('Delete', () => remove(ctx, l), 'quiet danger', {'aria-label': 'Delete listener ' + place(l)})]}] : []),
      ], listeners, {caption: 'Listeners', key: l => place(l)})),
  ];
}
