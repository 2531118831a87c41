// The page: who is signed in, which view is open, and when it is read again.
import {Problem, get, isAdmin, onLost, resume, signOut, who} from './api.js';
import {toast} from './dialog.js';
import {button, h, segment, show} from './dom.js';
import {login} from './login.js';
import * as config from './config.js';
import * as connections from './connections.js';
import * as events from './events.js';
import * as heat from './heat.js';
import * as hosts from './hosts.js';
import * as listeners from './listeners.js';
import * as now from './now.js';
import * as slow from './slow.js';
import * as subsystems from './subsystems.js';
import {span} from './units.js';

/** A view has a label, every (ms between readings, 0 for once), load(ctx) and draw(data, ctx). */
const VIEWS = {now, heat, slow, events, subsystems, listeners, hosts, connections, config};
const GROUPS = [['Watch', ['now', 'heat', 'slow', 'events']], ['Serve', ['subsystems', 'listeners', 'hosts', 'connections']], ['Keep', ['config']]];
const PLACE_EVERY = 5000;

const $ = id => document.getElementById(id);
const main = $('main');
let open = null;
let timer = 0;
let turn = 0;

function wantedView() {
  const name = location.hash.replace(/^#\//, '').split('?')[0];
  return name in VIEWS ? name : 'now';
}

const ctx = {
  get admin() { return isAdmin(); },
  toast,
  /** Reads again now. */
  refresh: () => load(),
  /** Shows again what was read. */
  redraw: () => { if (open?.data !== undefined) { draw(); } },
};

function draw() {
  show(main, open.view.draw(open.data, ctx));
  open.view.after?.(open.data, main, ctx);
}

async function load() {
  clearTimeout(timer);
  const mine = ++turn;
  const of = open;
  try {
    const data = await of.view.load(ctx);
    if (mine !== turn || of !== open) {
      return;
    }
    of.data = data;
    document.documentElement.classList.remove('stale');
    draw();
  } catch (failure) {
    if (mine !== turn || of !== open || !who().signedIn) {
      return;
    }
    failed(failure);
  }
  if (of.view.every > 0) {
    timer = setTimeout(again, of.view.every);
  }
}

/** A page nobody looks at asks nothing. */
function again() {
  if (!document.hidden) {
    load();
  }
}

function failed(failure) {
  document.documentElement.classList.add('stale');
  main.querySelector(':scope > .banner.lost')?.remove();
  main.prepend(h('div', {class: 'banner bad lost', role: 'alert'},
    h('b', {}, failure instanceof Problem ? failure.title : 'No answer from the target'),
    h('span', {}, failure instanceof Problem ? failure.message : 'What is below is from before. Trying again.'),
    h('div', {class: 'actions'}, button('Try now', () => load()))));
  if (open.view.every === 0) {
    timer = setTimeout(again, PLACE_EVERY);
  }
}

function navigate(focus) {
  const name = wantedView();
  const view = VIEWS[name];
  if (open?.view !== view) {
    open?.view.leave?.();
    open = {view, data: undefined};
    main.replaceChildren(h('p', {class: 'dim'}, 'Reading …'));
    document.title = `${view.label} · Mora`;
  }
  drawNav(name);
  $('nav').classList.remove('open');
  $('menu').setAttribute('aria-expanded', 'false');
  if (focus) {
    main.focus({preventScroll: true});
    scrollTo(0, 0);
  }
  load();
}

function drawNav(current) {
  show($('nav'), GROUPS.map(([title, names]) => [
    h('p', {class: 'group'}, title),
    names.map(name => h('a', {href: '#/' + name, 'aria-current': name === current ? 'page' : null}, VIEWS[name].label)),
  ]), h('div', {class: 'foot'}, whoParts()));
}

function drawWho() {
  show($('who'), whoParts());
  const foot = document.querySelector('nav .foot');
  if (foot) {
    show(foot, whoParts());
  }
}

/** Beside the name on a desk, under the views on a phone. */
function whoParts() {
  const theme = document.documentElement.dataset.theme ?? 'auto';
  const chosen = segment('Theme', [['auto', 'Auto'], ['light', 'Light'], ['dark', 'Dark']], theme, setTheme);
  const {signedIn, name, role} = who();
  return [signedIn ? h('span', {class: 'name'}, `${name}, ${role}`) : null, chosen,
    signedIn ? button('Sign out', leave, 'quiet') : null];
}

function setTheme(theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  try {
    localStorage.setItem('mora.theme', theme);
  } catch {
    // It lasts as long as the page, then.
  }
  drawWho();
  ctx.redraw();
}

/** The line beside the name: which target, and that it lives. */
async function drawPlace() {
  if (!who().signedIn || document.hidden) {
    return;
  }
  try {
    const [version, health] = await Promise.all([get('/version'), get('/health')]);
    const kind = health.ready ? 'ok' : 'warn';
    show($('place'), h('span', {class: 'mark ' + kind}, health.ready ? 'Ready' : 'Stopping'),
      h('span', {class: 'text'}, `${location.host} · ${version.version} · up ${span(Date.now() - Date.parse(version.started))}`));
  } catch {
    show($('place'), h('span', {class: 'mark bad'}, 'No answer'));
  }
}

async function leave() {
  await signOut();
  signedOut();
}

function signedOut(note) {
  clearTimeout(timer);
  turn++;
  open?.view.leave?.();
  open = null;
  document.querySelectorAll('dialog').forEach(dialog => { dialog.close(); dialog.remove(); });
  document.documentElement.classList.add('signed-out');
  document.documentElement.classList.remove('stale');
  document.title = 'Sign in · Mora';
  $('nav').hidden = true;
  $('menu').hidden = true;
  show($('place'));
  drawWho();
  main.replaceChildren(login(signedIn, note));
  main.querySelector('input')?.focus();
}

function signedIn() {
  document.documentElement.classList.remove('signed-out');
  $('nav').hidden = false;
  $('menu').hidden = false;
  drawWho();
  drawPlace();
  navigate(true);
}

async function start() {
  onLost(() => signedOut('Your session has ended. Sign in again to go on.'));
  addEventListener('hashchange', () => { if (who().signedIn) { navigate(true); } });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && open) { load(); drawPlace(); } });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => ctx.redraw());
  $('menu').addEventListener('click', () => {
    const on = $('nav').classList.toggle('open');
    $('menu').setAttribute('aria-expanded', String(on));
  });
  setInterval(drawPlace, PLACE_EVERY);
  try {
    await resume();
  } catch (failure) {
    drawWho();
    main.replaceChildren(h('div', {class: 'banner bad'}, h('b', {}, 'No answer from the target'), failure.message));
    return;
  }
  if (who().signedIn) {
    signedIn();
  } else {
    signedOut();
  }
}

start();
