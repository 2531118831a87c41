// Subsystems and their namespaces: what is served.
import {del, get, getWithEtag, seg} from './api.js';
import {confirm, toast} from './dialog.js';
import {button, empty, h, head, table} from './dom.js';
import * as listeners from './listeners.js';
import {words} from './now.js';
import {editNamespace, editSubsystem} from './subsystem-forms.js';
import {countParts, figure, none, nqn, size as sized, timeParts} from './units.js';

export const label = 'Subsystems';
export const every = 4000;

export async function load() {
  const [subsystems, ports, controllers, top] = await Promise.all([
    getWithEtag('/subsystems'), get('/listeners'), get('/controllers'), get('/top?window=10&rows=256'),
  ]);
  return {
    subsystems: subsystems.body.subsystems, etag: subsystems.etag, listeners: ports.listeners,
    controllers: controllers.controllers, top: top.namespaces, seconds: top.windowSeconds,
  };
}

const hostsOf = (data, s) => new Set(data.controllers.filter(c => c.subsystem === s.nqn).map(c => c.host)).size;
const plural = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;

async function removeSubsystem(ctx, data, s) {
  const connected = hostsOf(data, s);
  const done = await confirm({
    title: 'Delete this subsystem?', label: 'Delete subsystem',
    text: h('div', {}, h('p', {}, nqn(s.nqn)),
      h('p', {class: 'dim'}, `Its ${plural(s.namespaces.length, 'namespace')} will not be served any more.`
        + (connected ? ` ${plural(connected, 'host')} connected now will be cut off.` : ' No host is connected.')),
      h('p', {class: 'dim'}, kept(s.namespaces))),
  }, () => del('/subsystems/' + seg(s.nqn)));
  if (done) {
    toast('Subsystem deleted');
    ctx.refresh();
  }
}

async function removeNamespace(ctx, data, s, n) {
  const connected = hostsOf(data, s);
  const done = await confirm({
    title: `Delete namespace ${n.nsid}?`, label: 'Delete namespace',
    text: h('div', {}, h('p', {}, nqn(s.nqn)),
      h('p', {class: 'dim'}, connected ? `${plural(connected, 'host')} connected now will see it disappear; what is in flight fails.` : 'No host is connected.'),
      h('p', {class: 'dim'}, kept([n]))),
  }, () => del(`/subsystems/${seg(s.nqn)}/namespaces/${n.nsid}`));
  if (done) {
    toast(`Namespace ${n.nsid} deleted`);
    ctx.refresh();
  }
}

function kept(namespaces) {
  const memory = namespaces.some(n => n.backend.kind === 'memory');
  const files = namespaces.some(n => ['file', 'stripe', 'block'].includes(n.backend.kind));
  return [memory && 'What is in memory is lost.', files && 'Files and devices keep what is in them.'].filter(Boolean).join(' ');
}

function storage(n) {
  const {kind, size, path, paths} = n.backend;
  const where = path ?? paths?.join(', ');
  return [`${size ? sized(size) : ''} ${kind}`.trim(), where ? h('span', {class: 'sub nqn'}, where) : null];
}

function about(data, s) {
  const at = data.listeners.filter(l => !l.subsystems?.length || l.subsystems.includes(s.nqn)).map(l => l.bound ?? listeners.place(l));
  const item = (name, value) => h('span', {}, name + ' ', h('b', {}, value));
  return h('p', {class: 'about'},
    item('Hosts', s.allowAnyHost ? 'any' : s.allowedHosts.length ? `${s.allowedHosts.length} allowed` : 'none allowed'),
    item('connected', String(hostsOf(data, s))),
    item('Mode', s.latencyMode),
    item('Serial', s.serial),
    h('span', {}, 'At ', at.length ? h('b', {class: 'mono'}, at.join(', ')) : h('span', {class: 'warn'}, 'no listener')));
}

function subsystem(data, s, ctx) {
  const of = n => data.top.find(t => t.namespace === `${s.nqn}/${n.nsid}`);
  const rate = n => (of(n) && data.seconds > 0 ? figure(countParts(of(n).commands / data.seconds, '/s')) : none());
  return h('section', {class: 'panel subsystem', 'data-key': s.nqn, 'aria-label': 'Subsystem ' + s.nqn},
    h('header', {}, h('h2', {}, nqn(s.nqn)), ctx.admin ? h('div', {class: 'actions'},
      button('Add a namespace', () => editNamespace(ctx, s, null, data.etag), 'quiet'),
      button('Edit', () => editSubsystem(ctx, s.nqn), 'quiet', {'aria-label': 'Edit subsystem ' + s.nqn}),
      button('Delete', () => removeSubsystem(ctx, data, s), 'quiet danger', {'aria-label': 'Delete subsystem ' + s.nqn})) : null),
    about(data, s),
    s.namespaces.length === 0
      ? empty('No namespace yet', 'Hosts find nothing in this subsystem. ', ctx.admin ? 'Add a namespace: memory is enough for a first try.' : '')
      : table([
        {label: 'Namespace', head: true, cell: n => h('span', {}, 'Namespace ', String(n.nsid))},
        {label: 'Storage', cell: storage},
        {label: 'Block', num: true, cell: n => figure([String(n.blockSize), 'B'])},
        {label: 'Class without intent', cell: n => (n.class ? words(n.class) : h('span', {class: 'dim'}, 'of the listener'))},
        {label: 'Mode', cell: n => n.latencyMode ?? h('span', {class: 'dim'}, s.latencyMode)},
        {label: 'Commands', num: true, cell: rate},
        {label: 'p99', num: true, cell: n => (of(n)?.commands ? figure(timeParts(of(n).p99Ns)) : none())},
        ...(ctx.admin ? [{label: 'Actions', act: true, cell: n => [
          button('Edit', () => editNamespace(ctx, s, n.nsid), 'quiet', {'aria-label': `Edit namespace ${n.nsid} of ${s.nqn}`}),
          button('Delete', () => removeNamespace(ctx, data, s, n), 'quiet danger', {'aria-label': `Delete namespace ${n.nsid} of ${s.nqn}`})]}] : []),
      ], s.namespaces, {caption: 'Namespaces of ' + s.nqn, key: n => String(n.nsid)}));
}

/** From nothing to a disk: what is done of it, and the next step. */
function firstSteps(data, ctx) {
  const listens = data.listeners.length > 0;
  return h('div', {class: 'panel'}, empty('Nothing is served yet', 'Three steps make a disk that hosts can use:',
    h('ol', {class: 'steps'},
      h('li', {class: listens ? 'done' : null}, listens ? 'A listener is there.' : 'Add a listener: the address and port that hosts connect to.'),
      h('li', {}, 'Create a subsystem, and say which hosts may connect.'),
      h('li', {}, 'Add a namespace to it: a file, a device, or memory for a first try.')),
    ctx.admin && !listens ? button('Add a listener', () => listeners.open(ctx, null, data.etag), 'main') : null,
    ctx.admin ? ' ' : null,
    ctx.admin ? button('Create a subsystem', () => editSubsystem(ctx, null, data.etag), listens ? 'main' : '') : null));
}

export function draw(data, ctx) {
  const empty = data.subsystems.length === 0;
  return [
    head('Subsystems', 'What is served: each subsystem is what a host connects to, its namespaces are the disks.',
      ctx.admin && !empty ? button('Create a subsystem', () => editSubsystem(ctx, null, data.etag), 'main') : null),
    !empty && data.listeners.length === 0 ? h('div', {class: 'banner warn'}, h('span', {}, 'No listener: hosts cannot connect.'),
      ctx.admin ? h('div', {class: 'actions'}, button('Add a listener', () => listeners.open(ctx, null, data.etag))) : null) : null,
    empty ? firstSteps(data, ctx) : data.subsystems.map(s => subsystem(data, s, ctx)),
  ];
}
