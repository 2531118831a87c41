// A token for a session.
import {signIn} from './api.js';
import {sentence} from './dialog.js';
import {h} from './dom.js';

/** The form; `done` is called once somebody is signed in. */
export function login(done, note) {
  const error = h('p', {class: 'error', id: 'e-token', role: 'alert'});
  const input = h('input', {
    id: 'f-token', name: 'token', type: 'password', autocomplete: 'current-password', required: true,
    maxlength: 512, 'aria-describedby': 'e-token',
  });
  const submit = h('button', {type: 'submit', class: 'main'}, 'Sign in');
  const attempt = async event => {
    event.preventDefault();
    error.textContent = '';
    input.removeAttribute('aria-invalid');
    if (!input.value.trim()) {
      error.textContent = 'Paste a token.';
      input.focus();
      return;
    }
    submit.disabled = true;
    try {
      await signIn(input.value.trim());
      done();
    } catch (failure) {
      submit.disabled = false;
      error.textContent = failure.status === 401 ? 'This token is not known here.' : sentence(failure.message);
      input.setAttribute('aria-invalid', 'true');
      input.select();
    }
  };
  return h('div', {class: 'login'},
    h('div', {class: 'panel'},
      h('h1', {}, 'Sign in'),
      h('p', {class: 'lead'}, note ?? 'This target is managed with a token of its operator.'),
      h('form', {on: {submit: attempt}},
        h('input', {type: 'text', name: 'username', autocomplete: 'username', value: 'token', hidden: true}),
        h('div', {class: 'field'}, h('label', {for: 'f-token'}, 'Token'), input, error),
        submit),
      h('details', {}, h('summary', {}, 'Where do I get a token?'),
        h('p', {}, 'Make random text, and put its SHA-256 under admin.tokens of the target\'s configuration, with role read or admin:'),
        h('pre', {}, 'token=$(openssl rand -hex 32)\nprintf %s "$token" | sha256sum'))));
}
