// Forms of subsystems and namespaces.
import {getWithEtag, seg} from './api.js';
import {edit} from './form.js';
import {classes} from './hosts.js';

const MODES = [['auto', 'auto, bounded while somebody needs it'], ['bounded', 'bounded'], ['throughput', 'throughput']];

const SUBSYSTEM = [
  {name: 'nqn', label: 'NQN', mono: true, full: true, placeholder: 'nqn.2026-11.com.example:disk', hint: 'Its name; hosts connect to it. It cannot be changed later.'},
  {name: 'allowAnyHost', label: 'Any host may connect', kind: 'check', hint: 'Otherwise only those below.'},
  {name: 'latencyMode', label: 'Latency mode', kind: 'select', initial: 'auto', options: MODES},
  {name: 'allowedHosts', label: 'Allowed hosts', kind: 'list', hint: 'Host NQNs, one a line.', when: v => !v.allowAnyHost, keepEmpty: true},
  {name: 'serial', label: 'Serial number', rest: true, placeholder: 'derived from the NQN'},
  {name: 'model', label: 'Model', rest: true},
  {name: 'queueClasses', label: 'Classes by queue', kind: 'list', rest: true, hint: 'QIDs and a class, one a line, as 1-4 critical.'},
];

const kindIn = (...kinds) => v => kinds.includes(v['backend.kind']);
const NAMESPACE = [
  {name: 'nsid', label: 'NSID', kind: 'number', hint: '1 to 8192; the number hosts know it by.'},
  {name: 'backend.kind', label: 'Storage', kind: 'select', initial: 'memory', options: [
    ['memory', 'memory, lost at the end'], ['file', 'file'], ['block', 'block device'], ['stripe', 'stripe over files'], ['null', 'null, keeps nothing']]},
  {name: 'backend.path', label: 'Path', mono: true, full: true, when: kindIn('file', 'block'), placeholder: '/srv/disk.img', hint: 'On this target. A file is made if it is not there and has a size.'},
  {name: 'backend.paths', label: 'Files', kind: 'list', when: kindIn('stripe'), hint: 'One a line.'},
  {name: 'backend.size', label: 'Size', when: kindIn('memory', 'file', 'stripe', 'null'), placeholder: '1GiB', hint: 'As 512MiB or 1TiB. It can grow and shrink later; a file that is there may leave it out.'},
  {name: 'blockSize', label: 'Block size', kind: 'select', options: [['', '4096, the default'], ['512', '512'], ['4096', '4096']], number: true},
  {name: 'class', label: 'Class without intent', kind: 'select', options: classes('that of listener or queue')},
  {name: 'latencyMode', label: 'Latency mode', kind: 'select', options: [['', 'that of the subsystem'], ...MODES]},
  {name: 'hosts', label: 'Only for these hosts', kind: 'list', rest: true, hint: 'Host NQNs, one a line; none is every host of the subsystem.'},
  {name: 'anaGroup', label: 'ANA group', kind: 'number', rest: true, placeholder: '1'},
  {name: 'intent', label: 'Latency intent', kind: 'check', rest: true, initial: true},
  {name: 'backend.chunk', label: 'Chunk of a stripe', rest: true, when: kindIn('stripe'), placeholder: '128KiB'},
  {name: 'backend.direct', label: 'Direct I/O', kind: 'select', rest: true, when: kindIn('file', 'stripe', 'block'), options: [['', 'auto'], ['auto', 'auto'], ['required', 'required'], ['never', 'never']]},
  {name: 'backend.preallocate', label: 'Take all its space now', kind: 'check', rest: true, when: kindIn('file', 'stripe')},
  {name: 'backend.readOnly', label: 'Read only', kind: 'check', rest: true, when: kindIn('file', 'stripe', 'block')},
];

const PREFIX = /^subsystems\[\d+\]\./;
const NAMESPACE_PREFIX = /^subsystems\[\d+\]\.(namespaces\[\d+\]\.)?/;

const path = nqn => '/subsystems/' + seg(nqn);
const fixed = (list, ...names) => list.map(f => (names.includes(f.name) ? {...f, fixed: true} : f));

/** A new subsystem, or one that is there, whose namespaces stay as they are. */
export async function editSubsystem(ctx, nqn, etag) {
  let value = {allowedHosts: []};
  let of = etag;
  if (nqn) {
    const answer = await getWithEtag(path(nqn));
    value = answer.body;
    of = answer.etag;
  }
  const saved = await edit({
    title: nqn ? 'Edit subsystem' : 'Create a subsystem',
    lead: nqn ? null : 'What hosts connect to. Its namespaces, the disks, come next.',
    list: nqn ? fixed(SUBSYSTEM, 'nqn') : SUBSYSTEM, value, etag: of, fresh: !nqn, prefix: PREFIX,
    path: body => path(body.nqn ?? ''), done: body => `Subsystem ${body.nqn} saved`,
    body: body => ({...body, allowedHosts: body.allowedHosts ?? value.allowedHosts}),
  });
  if (saved) {
    ctx.refresh();
  }
}

/** A new namespace of a subsystem, or one that is there. */
export async function editNamespace(ctx, subsystem, nsid, etag) {
  let value = {nsid: 1 + Math.max(0, ...subsystem.namespaces.map(n => n.nsid)), backend: {kind: 'memory'}};
  let of = etag;
  if (nsid) {
    const answer = await getWithEtag(`${path(subsystem.nqn)}/namespaces/${nsid}`);
    value = answer.body;
    of = answer.etag;
  }
  const saved = await edit({
    title: nsid ? `Edit namespace ${nsid}` : 'Create a namespace', lead: 'Of ' + subsystem.nqn,
    list: nsid ? fixed(NAMESPACE, 'nsid') : NAMESPACE, value, etag: of, fresh: !nsid, prefix: NAMESPACE_PREFIX,
    path: body => `${path(subsystem.nqn)}/namespaces/${seg(body.nsid ?? '')}`,
    body: body => ({...body, ...(body.blockSize ? {blockSize: Number(body.blockSize)} : {})}),
    done: body => `Namespace ${body.nsid} saved`,
  });
  if (saved) {
    ctx.refresh();
  }
}
