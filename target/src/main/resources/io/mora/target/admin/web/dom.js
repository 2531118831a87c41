// Elements, and how what is shown becomes what it should be without losing focus or scroll.

const dispatch = event => event.currentTarget.moraOn[event.type]?.(event);

/** An element: h('a', {href, class, on: {click}, style: {width}}, ...children). */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'on') {
      listen(element, value);
    } else if (name === 'style') {
      // By the object model: a style attribute is what the page's policy refuses.
      Object.entries(value).forEach(([key, text]) => element.style.setProperty(key, text));
    } else if (name === 'value') {
      element.value = value ?? '';
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

function listen(element, handlers) {
  const before = element.moraOn ?? {};
  for (const type of Object.keys(handlers)) {
    if (!(type in before)) {
      element.addEventListener(type, dispatch);
    }
  }
  element.moraOn = {...before, ...handlers};
}

/** Shows these children in an element, keeping nodes that stay. */
export function show(element, ...children) {
  const wanted = document.createElement(element.tagName);
  wanted.append(...children.flat(3).filter(Boolean));
  morphChildren(element, wanted);
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName
      && a.dataset?.key === b.dataset?.key && a.type === b.type;
}

function morph(old, wanted) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== wanted.data) {
      old.data = wanted.data;
    }
    return;
  }
  if (old.dataset.own !== undefined) {
    return; // What is inside belongs to somebody else.
  }
  for (const {name} of [...old.attributes]) {
    if (name !== 'style' && name !== 'open' && !wanted.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const {name, value} of wanted.attributes) {
    if (name !== 'style' && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (old.style.cssText !== wanted.style.cssText) {
    old.style.cssText = wanted.style.cssText;
  }
  if (wanted.moraOn) {
    listen(old, wanted.moraOn);
  }
  morphChildren(old, wanted);
}

function morphChildren(old, wanted) {
  const keyed = new Map();
  for (const child of old.children) {
    if (child.dataset.key !== undefined) {
      keyed.set(child.dataset.key, child);
    }
  }
  let at = old.firstChild;
  for (const child of [...wanted.childNodes]) {
    const key = child.dataset?.key;
    const same = key === undefined ? at : keyed.get(key);
    if (same && alike(same, child)) {
      if (same === at) {
        at = at.nextSibling;
      } else {
        old.insertBefore(same, at);
      }
      morph(same, child);
    } else {
      old.insertBefore(child, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/**
 * A table whose rows become cards on a phone.
 *
 * columns: {label, cell(row), num, bare, act, head, class(row), none(row)}; `bare` has no unit.
 * options: caption for screen readers, dense (two beside each other on a phone), key(row), row(row) class of a row, more(row) a row below.
 */
export function table(columns, rows, {caption, dense, key, row: rowClass, more, on} = {}) {
  const shape = c => [c.num && 'num', c.bare && 'bare', c.act && 'act'].filter(Boolean).join(' ');
  const body = rows.flatMap(row => {
    const cells = columns.map(c => h(c.head ? 'th' : 'td', {
      class: [shape(c), c.class?.(row), c.none?.(row) && 'none'].filter(Boolean).join(' ') || null,
      scope: c.head ? 'row' : null,
      'data-label': c.head || c.act ? null : c.label,
    }, wrap(c.cell(row))));
    const line = h('tr', {class: rowClass?.(row) || null, 'data-key': key?.(row), on: on?.(row) ?? {}}, cells);
    const below = more?.(row);
    return below
      ? [line, h('tr', {class: 'more', 'data-key': key(row) + ' more'}, h('td', {colspan: columns.length}, below))]
      : [line];
  });
  return h('table', {class: dense ? 'rows dense' : 'rows'},
    caption ? h('caption', {class: 'sr'}, caption) : null,
    h('thead', {}, h('tr', {}, columns.map(c =>
      h('th', {class: shape(c) || null, scope: 'col'}, c.act ? h('span', {class: 'sr'}, c.label ?? 'Actions') : c.label)))),
    h('tbody', {}, body));
}

/** On a phone a cell is a grid of its name and one thing. */
function wrap(content) {
  return Array.isArray(content) ? h('span', {}, content) : content;
}

/** Nothing to show: what that means, and what to do next. */
export function empty(title, text, ...actions) {
  return h('div', {class: 'empty'}, h('b', {}, title), text,
    actions.filter(Boolean).length ? h('div', {class: 'actions'}, actions) : null);
}

export function button(label, click, kind = '', more = {}) {
  return h('button', {type: 'button', class: kind || null, on: {click}, ...more}, label);
}

/** One of a few: choices is [[value, label], ...]. */
export function segment(label, choices, chosen, choose) {
  return h('div', {class: 'segment', role: 'group', 'aria-label': label}, choices.map(([value, text]) =>
    h('button', {type: 'button', 'aria-pressed': String(value === chosen), on: {click: () => choose(value)}}, text)));
}

export function part(title, note, content, ...actions) {
  return h('section', {class: 'part'},
    h('div', {class: 'title'}, h('h2', {}, title), note ? h('span', {class: 'dim'}, note) : null,
      actions.filter(Boolean).length ? h('div', {class: 'actions'}, actions) : null),
    content);
}

export function head(title, lead, ...actions) {
  return h('div', {class: 'head'},
    h('div', {}, h('h1', {}, title), lead ? h('p', {class: 'lead'}, lead) : null),
    actions.filter(Boolean).length ? h('div', {class: 'actions'}, actions) : null);
}
