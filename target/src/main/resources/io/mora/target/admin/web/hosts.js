// Hosts: what each is granted, and what it does.
import {del, get, getWithEtag, seg} from './api.js';
import {confirm, toast} from './dialog.js';
import {button, empty, h, head, table} from './dom.js';
import {edit} from './form.js';
import {words} from './now.js';
import {countParts, figure, none, nqn, roundRate, timeParts} from './units.js';

export const label = 'Hosts';
export const every = 4000;

const CLASSES = ['critical', 'low_latency', 'interactive', 'normal', 'prefetch', 'bulk', 'background'];
/** Choices of a class, with a word for none. */
export const classes = (without) => [['', without], ...CLASSES.map(c => [c, words(c)])];

const FIELDS = [
  {name: 'nqn', label: 'Host NQN', mono: true, full: true, placeholder: 'nqn.2014-08.org.nvmexpress:uuid:…', hint: 'What the host says of itself; on Linux in /etc/nvme/hostnqn.'},
  {name: 'maxClass', label: 'Highest class it may ask for', kind: 'select', options: classes('normal, as for everybody'), hint: 'A higher one is lowered to it.'},
  {name: 'class', label: 'Class without intent', kind: 'select', options: classes('that of namespace or listener'), hint: 'For a host that says nothing of classes.'},
  {name: 'iops', label: 'Rate, commands/s', kind: 'number', hint: 'Of classes interactive to critical together; 0 is no limit. What is beyond runs as normal.'},
  {name: 'mibPerSecond', label: 'Rate, MiB/s', kind: 'number', hint: 'The same for data; 0 is no limit.'},
  {name: 'weight', label: 'Weight', kind: 'number', placeholder: '100', hint: 'Its share among hosts within a class, 1 to 1000.'},
  {name: 'step', label: 'May mark commands step-critical', kind: 'check'},
  {name: 'trust', label: 'What its name is worth', kind: 'select', initial: 'proven', options: [['proven', 'only with a proof'], ['claimed', 'whoever says it is this host']], hint: 'Classes above normal, step, hot tier, regions and fine timing need a key, or this.'},
  {name: 'dhchap.key', label: 'DH-HMAC-CHAP key', mono: true, full: true, rest: true, placeholder: 'none', hint: 'DHHC-1:…, as nvme gen-dhchap-key prints it. It is kept and shown sealed. With a key the host has to prove its name.'},
  {name: 'tls.psk', label: 'TLS key', mono: true, full: true, rest: true, placeholder: 'none', hint: 'NVMeTLSkey-1:…, as nvme gen-tls-key prints it. It is kept and shown sealed. For listeners that speak TLS.'},
  {name: 'burst', label: 'Burst, commands', kind: 'number', placeholder: '64', rest: true, hint: 'Of those classes at once.'},
  {name: 'timing', label: 'Timing replies', kind: 'select', rest: true, initial: 'coarse', options: [['coarse', 'coarse, 16 µs'], ['fine', 'fine, 100 ns']], hint: 'Fine ones show a host how busy its neighbours are.'},
  {name: 'minBudget.critical', label: 'Shortest budget, critical', rest: true, placeholder: 'none', hint: 'As 50us or 1ms; a shorter one counts as this.'},
  {name: 'minBudget.low_latency', label: 'Shortest budget, low latency', rest: true, placeholder: 'none'},
  {name: 'minBudget.interactive', label: 'Shortest budget, interactive', rest: true, placeholder: 'none'},
  {name: 'slots', label: 'Regions it may register', kind: 'number', rest: true, placeholder: '0'},
  {name: 'hotMetadata', label: 'May use the hot tier', kind: 'check', rest: true},
  {name: 'expire', label: 'May let commands expire', kind: 'check', rest: true},
  {name: 'recur', label: 'May announce recurring commands', kind: 'check', rest: true},
];

export async function load() {
  const [hosts, controllers, top] = await Promise.all([getWithEtag('/hosts'), get('/controllers'), get('/top?window=10&rows=256')]);
  const rows = hosts.body.hosts.map(host => ({nqn: host.nqn, host}));
  const named = new Set(rows.map(row => row.nqn));
  for (const nqn of new Set(controllers.controllers.map(c => c.host))) {
    if (!named.has(nqn)) {
      rows.push({nqn, host: null});
    }
  }
  for (const row of rows) {
    row.controllers = controllers.controllers.filter(c => c.host === row.nqn).length;
    row.now = top.hosts.find(t => t.host === row.nqn);
  }
  return {rows, seconds: top.windowSeconds, etag: hosts.etag};
}

async function open(ctx, host, etag, nqn = '') {
  let value = host;
  let of = etag;
  if (host) {
    const answer = await getWithEtag('/hosts/' + seg(host.nqn));
    value = answer.body;
    of = answer.etag;
  }
  const saved = await edit({
    title: host ? 'Edit host' : 'Add a host', lead: host ? null : 'Grants to one host. Which subsystems it may use, is said there.',
    list: host ? FIELDS.map(f => (f.name === 'nqn' ? {...f, fixed: true} : f)) : FIELDS,
    value: value ?? {nqn}, etag: of, fresh: !host, prefix: /^hosts\[\d+\]\./,
    path: body => '/hosts/' + seg(body.nqn ?? ''),
    done: body => `Host ${body.nqn} saved`,
  });
  if (saved) {
    ctx.refresh();
  }
}

async function remove(ctx, row) {
  const done = await confirm({
    title: 'Delete the grants of this host?', label: 'Delete host',
    text: h('div', {}, h('p', {}, nqn(row.nqn)), h('p', {class: 'dim'}, row.controllers
      ? 'It is connected and stays so: from now on it is served like any host without grants, up to class normal.'
      : 'It is not connected.')),
  }, () => del('/hosts/' + seg(row.nqn)));
  if (done) {
    toast('Host deleted');
    ctx.refresh();
  }
}

function rate({host}) {
  const limits = [host?.iops ? h('span', {}, roundRate(host.iops)) : null, host?.mibPerSecond ? h('span', {}, `${host.mibPerSecond}\u2009MiB/s`) : null].filter(Boolean);
  return limits.length === 0 ? h('span', {class: 'dim'}, 'no limit') : limits.length === 1 ? limits : [limits[0], h('span', {class: 'sub'}, limits[1])];
}

function grants({host}) {
  if (!host) {
    return h('span', {class: 'dim'}, 'none');
  }
  const named = [host.step && 'step', host.hotMetadata && 'hot tier', host.expire && 'expire', host.recur && 'recur', host.timing === 'fine' && 'fine timing', host.slots > 0 && `${host.slots} regions`].filter(Boolean);
  return named.length ? named.join(', ') : h('span', {class: 'dim'}, 'none');
}

function grade({host}) {
  const max = host?.maxClass ?? 'normal';
  return [words(max), host?.class ? h('span', {class: 'sub'}, `${words(host.class)} without intent`) : null];
}

export function draw({rows, seconds, etag}, ctx) {
  const add = ctx.admin ? button('Add a host', () => open(ctx, null, etag), 'main') : null;
  return [
    head('Hosts', 'What each host is granted. A host that is not listed may connect where its subsystem lets it, and gets up to class normal.', add),
    h('div', {class: 'panel'}, rows.length === 0
      ? empty('No host is named', ctx.admin ? 'Add one to grant it a class above normal, or a rate.' : 'Whoever has role admin can grant classes and rates here.')
      : table([
        {label: 'Host', head: true, cell: r => nqn(r.nqn)},
        {label: 'State', cell: r => h('span', {class: 'mark ' + (r.controllers ? 'ok' : '')}, r.controllers ? 'connected' : 'away')},
        {label: 'Up to class', cell: grade},
        {label: 'Rate', cell: rate},
        {label: 'Weight', num: true, bare: true, cell: r => String(r.host?.weight ?? 100)},
        {label: 'May', cell: grants},
        {label: 'Commands', num: true, cell: r => (r.now && seconds > 0 ? figure(countParts(r.now.commands / seconds, '/s')) : none())},
        {label: 'p99', num: true, cell: r => (r.now?.commands ? figure(timeParts(r.now.p99Ns)) : none())},
        ...(ctx.admin ? [{label: 'Actions', act: true, cell: r => (r.host
          ? [button('Edit', () => open(ctx, r.host, etag), 'quiet', {'aria-label': 'Edit host ' + r.nqn}),
            button('Delete', () => remove(ctx, r), 'quiet danger', {'aria-label': 'Delete host ' + r.nqn})]
          : button('Grant', () => open(ctx, null, etag, r.nqn), 'quiet', {'aria-label': 'Grant something to ' + r.nqn}))}] : []),
      ], rows, {caption: 'Hosts and their grants', key: r => r.nqn})),
  ];
}
