// Forms of configuration: fields laid out, read, and told what is wrong with each.
import {Problem, getWithEtag, put} from './api.js';
import {errorText, open, problemBox, sentence, toast} from './dialog.js';
import {button, h, show} from './dom.js';

export const at = (value, path) => path.split('.').reduce((part, key) => part?.[key], value);

function set(value, path, to) {
  const keys = path.split('.');
  const last = keys.pop();
  if (to === undefined && keys.length && typeof at(value, keys.join('.')) !== 'object') {
    return; // A section that is not there stays away.
  }
  let part = value;
  for (const key of keys) {
    part[key] = typeof part[key] === 'object' && part[key] !== null ? part[key] : {};
    part = part[key];
  }
  if (to === undefined) {
    delete part[last];
  } else {
    part[last] = to;
  }
}

/** Whole numbers become numbers; what is none is sent as it is, and refused with its field. */
const number = text => (/^-?\d+$/.test(text) ? Number(text) : text);

function control(field, value) {
  const common = {id: 'f-' + field.name, name: field.name, 'aria-describedby': `h-${field.name} e-${field.name}`};
  switch (field.kind) {
    case 'check':
      return h('input', {...common, type: 'checkbox', checked: Boolean(value ?? field.initial)});
    case 'select': {
      const chosen = String(value ?? field.initial ?? '');
      return h('select', common, field.options.map(([key, label]) =>
        h('option', {value: key, selected: key === chosen}, label)));
    }
    case 'list':
      return h('textarea', {...common, rows: 3, spellcheck: 'false', value: (value ?? []).join('\n')});
    default:
      return h('input', {
        ...common, type: 'text', spellcheck: 'false', autocomplete: 'off', class: field.mono ? 'mono' : null,
        inputmode: field.kind === 'number' ? 'numeric' : null, placeholder: field.placeholder,
        readonly: field.fixed, value: value ?? field.initial ?? '',
      });
  }
}

function row(field, value) {
  const input = control(field, value);
  const label = h('label', {for: input.id}, field.label);
  const hint = h('p', {class: 'hint', id: 'h-' + field.name}, field.hint ?? '');
  const error = h('p', {class: 'error', id: 'e-' + field.name});
  const check = field.kind === 'check';
  const box = h('div', {class: ['field', check && 'check', (field.full || field.kind === 'list') && 'full'].filter(Boolean).join(' ')},
    check ? [input, label] : [label, input], field.hint ? hint : null, error);
  return {field, input, error, box};
}

function read({field, input}) {
  switch (field.kind) {
    case 'check':
      return input.checked;
    case 'list': {
      const lines = input.value.split('\n').map(line => line.trim()).filter(Boolean);
      return lines.length || field.keepEmpty ? lines : undefined;
    }
    case 'number':
      return input.value.trim() === '' ? undefined : number(input.value.trim());
    default:
      return input.value.trim() === '' ? undefined : input.value.trim();
  }
}

/** Rows of fields, those of `rest` folded away; {node, values(base), report(errors)}. */
export function fields(list, value, prefix) {
  const rows = list.map(field => row(field, at(value, field.name)));
  rows.find(r => !r.field.fixed)?.input.setAttribute('autofocus', '');
  const fold = h('details', {class: 'rest'}, h('summary', {}, 'More settings'),
    h('div', {class: 'fields'}, rows.filter(r => r.field.rest).map(r => r.box)));
  const node = h('div', {class: 'fields'}, rows.filter(r => !r.field.rest).map(r => r.box),
    rows.some(r => r.field.rest) ? fold : null);
  const current = () => Object.fromEntries(rows.map(r => [r.field.name, read(r)]));
  const shown = () => rows.forEach(r => { r.box.hidden = r.field.when ? !r.field.when(current()) : false; });
  node.addEventListener('change', shown);
  shown();

  const values = base => {
    const result = structuredClone(base);
    rows.forEach(r => set(result, r.field.name, r.box.hidden ? undefined : read(r)));
    return result;
  };
  /** Puts each error at its field; returns those that have none here. */
  const report = errors => {
    rows.forEach(r => {
      r.error.textContent = '';
      r.input.removeAttribute('aria-invalid');
    });
    const left = [];
    let first;
    for (const error of errors) {
      const key = error.field.replace(prefix, '');
      const found = nearest(rows, key);
      if (!found) {
        left.push(error);
        continue;
      }
      const allowed = error.allowed ? ` Allowed: ${error.allowed}.` : '';
      // What follows from the first error is not worth telling.
      found.error.textContent ||= sentence(error.message) + allowed;
      found.input.setAttribute('aria-invalid', 'true');
      first ??= found;
    }
    if (first) {
      if (first.field.rest) {
        fold.open = true;
      }
      first.input.focus();
    }
    return left;
  };
  return {node, values, report};
}

function nearest(rows, key) {
  const open = rows.filter(r => !r.box.hidden);
  const inside = (a, b) => a === b || a.startsWith(b + '.') || a.startsWith(b + '[');
  return open.find(r => r.field.name === key)
      ?? open.find(r => inside(key, r.field.name))
      ?? open.find(r => inside(r.field.name, key));
}

/**
 * Edits one resource of the configuration.
 *
 * what: {title, lead, list, value, etag, path(body), prefix, done}: `value` is the resource as it is,
 * or what a new one begins with; `etag` the version it is of; `fresh` says that it is new.
 */
export function edit(what) {
  return open(what.title, what.lead, close => {
    const said = h('div', {});
    const save = h('button', {type: 'submit', class: 'main'}, what.fresh ? 'Create' : 'Save');
    let etag = what.etag;
    let base = what.value;
    let form = fields(what.list, base, what.prefix);
    const holder = h('div', {}, form.node);

    const attempt = async (discard = false) => {
      save.disabled = true;
      show(said);
      form.report([]);
      const body = form.values(base);
      try {
        await put(what.path(body) + (discard ? '?discardEdits=true' : ''), what.body?.(body) ?? body, {ifMatch: etag});
        toast(what.done(body));
        close(body);
      } catch (failure) {
        save.disabled = false;
        await explain(failure, body);
      }
    };

    const explain = async (failure, body) => {
      if (failure instanceof Problem && failure.kind === 'stale') {
        show(said, await conflict(what, base, body, (value, newer) => {
          etag = newer;
          base = value;
          form = fields(what.list, value, what.prefix);
          holder.replaceChildren(form.node);
          show(said);
        }, newer => { etag = newer; attempt(); }));
      } else if (failure instanceof Problem && failure.kind === 'edited') {
        show(said, h('div', {class: 'problem warn', role: 'alert'},
          h('b', {}, 'The configuration file was edited by hand'),
          h('p', {}, 'Saving writes the whole file and those edits would be lost. Take them over first under Configuration, or leave them behind.'),
          h('div', {class: 'actions'}, button('Discard the edits and save', () => attempt(true)))));
      } else {
        const left = form.report(failure.errors ?? []);
        if (left.length || !(failure.errors ?? []).length) {
          show(said, left.length
            ? h('div', {class: 'problem', role: 'alert'}, h('b', {}, failure.title), h('ul', {}, left.map(e => h('li', {}, errorText(e)))))
            : problemBox(failure));
        }
      }
    };

    return {
      body: [said, holder],
      footer: [button('Cancel', () => close(undefined)), save],
      submit: () => attempt(),
    };
  });
}

/** Somebody else changed the configuration since: what changed, and the two ways on. */
async function conflict(what, base, mine, takeTheirs, keepMine) {
  let theirs;
  let etag;
  try {
    const answer = await getWithEtag(what.path(mine));
    theirs = what.strip ? what.strip(answer.body) : answer.body;
    etag = answer.etag;
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.status !== 404) {
      return problemBox(failure);
    }
    etag = (await getWithEtag('/config')).etag;
  }
  const same = theirs !== undefined && JSON.stringify(theirs) === JSON.stringify(base);
  const changed = theirs === undefined ? [] : what.list.filter(field =>
    JSON.stringify(at(theirs, field.name)) !== JSON.stringify(at(base, field.name)));
  const elsewhere = same || (theirs === undefined && what.fresh);
  const text = elsewhere
    ? 'The change was somewhere else: what you edit here is still as you saw it. You can save.'
    : theirs === undefined
      ? 'What you edit here was deleted meanwhile. Saving makes it again.'
      : 'It was changed here too' + (changed.length ? ': ' + changed.map(f =>
        `${f.label} is now ${JSON.stringify(at(theirs, f.name) ?? 'the default')}`).join('; ') + '.' : '.');
  return h('div', {class: 'problem warn', role: 'alert'},
    h('b', {}, 'Somebody changed the configuration since you opened this form'),
    h('p', {}, text),
    h('div', {class: 'actions'},
      button(elsewhere ? 'Save now' : 'Save mine over it', () => keepMine(etag)),
      theirs === undefined || elsewhere ? null : button('Start again from theirs', () => takeTheirs(theirs, etag))));
}
