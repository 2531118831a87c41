// Questions on top of the page: the browser's own dialog keeps the keyboard inside and ends by Esc.
import {button, h, show} from './dom.js';
import {Problem} from './api.js';

/** Opens a dialog; `build(close)` makes {body, footer, submit}. Resolves with what close was given. */
export function open(title, lead, build, {wide = false} = {}) {
  return new Promise(resolve => {
    const before = document.activeElement;
    const dialog = h('dialog', {class: wide ? 'wide' : null, 'aria-labelledby': 'dialog-title'});
    const close = result => {
      dialog.close();
      dialog.remove();
      before?.focus?.();
      resolve(result);
    };
    const {body, footer, submit} = build(close);
    const form = h('form', {
      method: 'dialog', novalidate: true,
      on: {submit: event => { event.preventDefault(); submit?.(); }},
    },
    h('header', {}, h('h2', {id: 'dialog-title'}, title), lead ? h('p', {}, lead) : null),
    h('div', {class: 'body'}, body), h('footer', {}, footer));
    dialog.append(form);
    dialog.addEventListener('cancel', event => { event.preventDefault(); close(undefined); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** What a refusal says, with each field that is wrong. */
export function problemBox(problem) {
  const errors = problem.errors ?? [];
  return h('div', {class: 'problem', role: 'alert'},
    h('b', {}, problem instanceof Problem ? problem.title : 'No answer'),
    h('p', {}, errors.length > 1 || !problem.message ? null : problem.message),
    errors.length > 1 ? h('ul', {}, errors.map(e => h('li', {}, errorText(e)))) : null);
}

export function errorText(error) {
  const line = error.line ? `line ${error.line}: ` : '';
  const allowed = error.allowed ? ` Allowed: ${error.allowed}.` : '';
  return `${line}${error.field}: ${sentence(error.message)}${allowed}`;
}

export function sentence(text) {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : first + '.';
}

/**
 * Asks before something that cannot be taken back lightly; what is asked to be done is done while
 * the dialog is open, so that a refusal is seen where it was asked for. True when it was done.
 */
export function confirm({title, text, label, danger = true, wide = false}, action) {
  return open(title, null, close => {
    const said = h('div', {});
    const yes = h('button', {type: 'submit', class: danger ? 'danger' : 'main'}, label);
    const submit = async () => {
      yes.disabled = true;
      try {
        await action();
        close(true);
      } catch (failure) {
        show(said, problemBox(failure));
        yes.disabled = false;
      }
    };
    return {
      body: [said, text],
      footer: [button('Cancel', () => close(false), '', {autofocus: true}), yes],
      submit,
    };
  }, {wide});
}

let hiding;

/** Says in a line that something was done. */
export function toast(text) {
  const at = document.getElementById('toast');
  at.textContent = text;
  at.classList.add('on');
  clearTimeout(hiding);
  hiding = setTimeout(() => at.classList.remove('on'), 4000);
}
