// The configuration as a whole: what runs against what is written, and what was before.
import {Problem, get, getWithEtag, post, put, yaml} from './api.js';
import {confirm, errorText, open, problemBox, toast} from './dialog.js';
import {button, empty, h, head, part, show, table} from './dom.js';
import {moment} from './units.js';

export const label = 'Configuration';
export const every = 0;

const YAML = 'application/yaml';

export async function load() {
  const [config, health, history] = await Promise.all([getWithEtag('/config'), get('/health'), get('/config/history')]);
  let diff;
  let unreadable = null;
  try {
    diff = (await get('/config/diff')).changes;
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.status === 401) {
      throw failure;
    }
    unreadable = failure;
    diff = [];
  }
  return {etag: config.etag, written: health.configurationWritten, versions: history.versions, diff, unreadable};
}

const shown = value => (typeof value === 'string' ? value : JSON.stringify(value));

/** Each difference, what goes above what comes. */
function diffList(changes) {
  return h('ul', {class: 'diff'}, changes.map(c => h('li', {},
    h('span', {class: 'path'}, c.path),
    c.kind === 'added' ? null : h('span', {class: 'minus'}, h('span', {class: 'sr'}, 'removed '), shown(c.before)),
    c.kind === 'removed' ? null : h('span', {class: 'plus'}, h('span', {class: 'sr'}, 'added '), shown(c.after)))));
}

function changesBox(changes, none) {
  return changes.length === 0 ? h('p', {class: 'dim'}, none) : h('div', {class: 'panel'}, diffList(changes));
}

/** What a stored version would change. */
async function against(version) {
  const text = await yaml('/config/history/' + version);
  const {body} = await post('/config/diff', text, {type: YAML});
  return {text, changes: body.changes};
}

async function view(version) {
  let found;
  try {
    found = await against(version);
  } catch (failure) {
    toast(failure.message);
    return;
  }
  await open(`Version ${version}`, 'What going back to it would change, and its whole text.', close => ({
    body: [
      h('h3', {}, 'Against what runs'), changesBox(found.changes, 'Nothing: it is what runs.'),
      h('h3', {class: 'yaml-title'}, 'Text'), h('pre', {class: 'yaml', tabindex: 0}, found.text),
    ],
    footer: [button('Close', () => close(), '', {autofocus: true})],
    submit: () => close(),
  }), {wide: true});
}

async function rollback(ctx, version, etag) {
  let found;
  try {
    found = await against(version);
  } catch (failure) {
    toast(failure.message);
    return;
  }
  const done = await confirm({
    title: `Roll back to version ${version}?`, label: 'Roll back', danger: false, wide: true,
    text: h('div', {}, h('p', {class: 'dim'}, 'It becomes a new version and is live at once. These would change:'),
      changesBox(found.changes, 'Nothing: it is what runs.')),
  }, () => post('/config/rollback/' + version, undefined, {ifMatch: etag}));
  if (done) {
    toast(`Version ${version} runs again`);
    ctx.refresh();
  }
}

async function takeOver(ctx) {
  try {
    await post('/config/reload');
    toast('The file was taken over');
    ctx.refresh();
  } catch (failure) {
    await open('The file was not taken over', null, close => ({
      body: problemBox(failure), footer: [button('Close', () => close(), '', {autofocus: true})], submit: () => close(),
    }));
  }
}

/** The whole configuration as text. */
async function editText(ctx) {
  const text = await yaml('/config');
  let etag = (await getWithEtag('/config')).etag;
  const saved = await open('Edit the configuration', 'All of it, as in the file. It is checked as a whole; what cannot be changed while the target runs is refused.', close => {
    const said = h('div', {'aria-live': 'polite'});
    const area = h('textarea', {class: 'config', 'aria-label': 'Configuration, YAML', spellcheck: 'false', wrap: 'off', value: text, autofocus: true});
    const tell = failure => {
      const errors = failure.errors ?? [];
      show(said, h('div', {class: 'problem', role: 'alert'}, h('b', {}, failure.title ?? 'No answer'),
        errors.length ? h('ul', {}, errors.map(e => h('li', {}, errorText(e)))) : h('p', {}, failure.message),
        failure.kind === 'stale' ? h('div', {class: 'actions'}, button('Save mine over it', async () => {
          etag = (await getWithEtag('/config')).etag;
          submit();
        })) : null));
    };
    const compare = async () => {
      try {
        const {body} = await post('/config/diff', area.value, {type: YAML});
        await post('/config/validate', area.value, {type: YAML});
        show(said, h('div', {class: 'problem warn'}, h('b', {}, 'Valid. It would change:'), changesBox(body.changes, 'nothing.')));
      } catch (failure) {
        tell(failure);
      }
    };
    const submit = async () => {
      try {
        await put('/config', area.value, {type: YAML, ifMatch: etag});
        close(true);
      } catch (failure) {
        tell(failure);
      }
    };
    area.setSelectionRange(0, 0);
    return {
      body: [said, area],
      footer: [button('Cancel', () => close()), button('Check', compare), h('button', {type: 'submit', class: 'main'}, 'Save')],
      submit,
    };
  }, {wide: true});
  if (saved) {
    toast('Configuration saved');
    ctx.refresh();
  }
}

function written(data, ctx) {
  if (data.unreadable) {
    return [h('div', {class: 'banner bad'}, h('b', {}, 'The file cannot be read as a configuration'),
      h('span', {}, 'What runs is not touched by that.')), h('ul', {}, data.unreadable.errors.map(e => h('li', {}, errorText(e))))];
  }
  if (data.written && data.diff.length === 0) {
    return h('div', {class: 'panel'}, empty('What runs is what is written', 'A hand edit of the file would be shown here until it is taken over.'));
  }
  return [
    h('div', {class: 'banner warn'}, h('b', {}, 'The file was edited by hand'),
      h('span', {}, data.diff.length ? `Taking it over changes ${data.diff.length} thing${data.diff.length === 1 ? '' : 's'}.` : 'Only its text differs; taking it over changes nothing.'),
      ctx.admin ? h('div', {class: 'actions'}, button('Take over the file', () => takeOver(ctx), 'main')) : null),
    data.diff.length ? h('div', {class: 'panel'}, diffList(data.diff)) : null,
  ];
}

export function draw(data, ctx) {
  return [
    head('Configuration', 'One file, written whole with each change. Earlier versions are kept.',
      button('Read again', () => ctx.refresh()), ctx.admin ? button('Edit as text', () => editText(ctx), 'main') : null),
    part('Running against written', null, written(data, ctx)),
    part('History', `${data.versions.length} version${data.versions.length === 1 ? '' : 's'} kept`, h('div', {class: 'panel'}, table([
      {label: 'Version', head: true, cell: v => [`Version ${v.version} `, v.current ? h('span', {class: 'tag ok'}, 'current') : null]},
      {label: 'At', cell: v => (v.at ? moment(v.at) : h('span', {class: 'dim'}, 'unknown'))},
      {label: 'By', cell: v => v.by || h('span', {class: 'dim'}, 'hand')},
      {label: 'Change', class: () => 'event', cell: v => h('span', {class: 'msg'}, v.change || 'as it was found')},
      ...(ctx.admin ? [{label: 'Actions', act: true, cell: v => [
        button('View', () => view(v.version), 'quiet', {'aria-label': `View version ${v.version}`}),
        v.current ? null : button('Roll back', () => rollback(ctx, v.version, data.etag), 'quiet', {'aria-label': `Roll back to version ${v.version}`})]}] : []),
    ], data.versions, {caption: 'Versions of the configuration', key: v => String(v.version)}))),
  ];
}
