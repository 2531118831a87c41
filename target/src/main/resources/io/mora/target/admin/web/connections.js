// Hosts that are connected, and how to end that.
import {del, get, seg} from './api.js';
import {confirm, toast} from './dialog.js';
import {button, empty, h, head, table} from './dom.js';
import {bytes, count, moment, nqn, span} from './units.js';

export const label = 'Connections';
export const every = 3000;

export async function load() {
  const [controllers, health] = await Promise.all([get('/controllers'), get('/health')]);
  return {controllers: controllers.controllers, open: health.connections};
}

async function disconnect(controller, ctx) {
  const done = await confirm({
    title: 'Disconnect this host?',
    label: 'Disconnect',
    text: h('div', {},
      h('p', {}, nqn(controller.host)),
      h('p', {class: 'dim'}, `Controller ${controller.cntlid} of ${controller.subsystem} ends: its ${controller.queues.length} I/O queues close and commands in flight fail on this path.`),
      h('p', {class: 'dim'}, 'A Linux host comes back by itself within seconds. To keep it away, take it off the allowed hosts first.')),
  }, () => del(`/controllers/${seg(controller.subsystem)}/${controller.cntlid}`));
  if (done) {
    toast('Disconnected');
    ctx.refresh();
  }
}

export function draw({controllers, open}, ctx) {
  return [
    head('Connections', `${count(open)} TCP connection${open === 1 ? '' : 's'} open: an admin queue for each controller, and its I/O queues.`),
    h('div', {class: 'panel'}, controllers.length === 0
      ? empty('No host is connected', 'A Linux host connects with ', h('code', {}, 'nvme connect -t tcp -a ADDRESS -s PORT -n SUBSYSTEM'), '; where, is under ', h('a', {href: '#/listeners'}, 'Listeners'), '.')
      : table([
        {label: 'Host', head: true, cell: c => [nqn(c.host), h('span', {class: 'sub'}, `from ${c.from}, ${{tls: 'proved over TLS', dhchap: 'proved', claimed: 'not proved'}[c.identity]}`)]},
        {label: 'Subsystem', cell: c => [nqn(c.subsystem), h('span', {class: 'sub'}, 'controller ' + c.cntlid)]},
        {label: 'Queues', num: true, bare: true, cell: c => count(c.queues.length)},
        {label: 'Read', num: true, bare: true, cell: c => [bytes(c.io.readBytes), h('span', {class: 'sub'}, count(c.io.reads) + ' commands')]},
        {label: 'Written', num: true, bare: true, cell: c => [bytes(c.io.writeBytes), h('span', {class: 'sub'}, count(c.io.writes) + ' commands')]},
        {label: 'Intent', cell: c => (c.intent ? h('span', {class: 'tag ok'}, 'agreed') : h('span', {class: 'dim'}, 'none'))},
        {label: 'Since', cell: c => [moment(c.since), h('span', {class: 'sub'}, span(Date.now() - Date.parse(c.since)))]},
        ...(ctx.admin ? [{label: 'Actions', act: true, cell: c => (c.ending
          ? h('span', {class: 'dim'}, 'ending')
          : button('Disconnect', () => disconnect(c, ctx), 'quiet danger', {'aria-label': `Disconnect ${c.host}, controller ${c.cntlid}`}))}] : []),
      ], controllers, {caption: 'Connected hosts', key: c => `${c.subsystem} ${c.cntlid}`})),
  ];
}
