// One heatmap on a canvas: time to the right, latency upwards in powers of two, darkness by count.
import {clock, count, roundTime, share, time} from './units.js';

const LEFT = 62;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 24;
const AROUND = 3; // empty buckets around what was seen
const ROWS_MIN = 16;
const NICE_NS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const FAINTEST = 0.12;
const LABEL_EVERY_PX = 110;

/** A colour of the page's as [r, g, b], whatever theme is on. */
function colour(canvas, name) {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  canvas.parentElement.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return [r, g, b];
}

const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;
const mix = (a, b, by) => a.map((x, i) => Math.round(x + (b[i] - x) * by));

export class Heatmap {
  constructor(canvas, readout) {
    this.canvas = canvas;
    this.readout = readout;
    this.cursor = null;
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(canvas);
    canvas.addEventListener('pointermove', event => this.point(event));
    canvas.addEventListener('pointerleave', () => this.move(null));
    canvas.addEventListener('keydown', event => this.key(event));
  }

  close() {
    this.resized.disconnect();
  }

  /** columns: {at, late, p99Ns, buckets, counts} or null, oldest first. */
  show(columns, about) {
    this.columns = columns;
    this.about = about;
    this.span();
    this.draw();
    const worst = columns.reduce((a, b) => ((b?.p99Ns ?? 0) > (a?.p99Ns ?? 0) ? b : a), null);
    const latest = columns.findLast(c => c?.counts.length);
    this.canvas.setAttribute('aria-label', `Latency of class ${about.name}. `
      + (latest ? `Latest p99 ${time(latest.p99Ns)} at ${clock(latest.at)}, worst ${time(worst.p99Ns)} at ${clock(worst.at)}. ` : '')
      + 'Arrow keys move through it.');
    if (!this.cursor) {
      this.say(latest ? `p99 ${time(latest.p99Ns)} at ${clock(latest.at)}` : '');
    }
  }

  /** Rows worth showing: all that were seen, and the budget. */
  span() {
    const seen = this.columns.flatMap(c => c?.buckets ?? []);
    const budget = this.about.budgetNs ? [Math.floor(this.row(this.about.budgetNs))] : [];
    let low = Math.min(...seen, ...budget) - AROUND;
    let high = Math.max(...seen, ...budget) + AROUND;
    while (high - low < ROWS_MIN) {
      low--;
      high++;
    }
    this.low = Math.max(0, low);
    this.high = Math.min(this.about.edges.length - 1, high);
  }

  /** Where a time is on the scale of buckets, with the part of the bucket. */
  row(ns) {
    const {edges} = this.about;
    let i = 0;
    while (i < edges.length - 1 && edges[i + 1] <= ns) {
      i++;
    }
    const end = edges[i + 1] ?? edges[i] * 1.2;
    return i + (ns - edges[i]) / (end - edges[i]);
  }

  draw() {
    if (!this.columns || !this.canvas.clientWidth) {
      return;
    }
    const dpr = devicePixelRatio || 1;
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(height * dpr);
    const g = this.canvas.getContext('2d');
    g.scale(dpr, dpr);
    this.box = {x: LEFT, y: TOP, w: width - LEFT - RIGHT, h: height - TOP - BOTTOM};
    this.cell = {w: this.box.w / this.columns.length, h: this.box.h / (this.high - this.low + 1)};
    this.ink = Object.fromEntries(['--heat-0', '--heat-1', '--heat-2', '--dim', '--line', '--bad', '--ink', '--surface']
      .map(name => [name.slice(2), colour(this.canvas, name)]));
    g.font = `11.5px ${getComputedStyle(document.body).fontFamily}`;
    this.cells(g);
    this.axes(g);
    this.lines(g);
    this.mark(g);
  }

  y(row) {
    return this.box.y + this.box.h - (row - this.low) * this.cell.h;
  }

  cells(g) {
    const {ink, cell, box} = this;
    this.columns.forEach((column, i) => {
      if (!column?.counts.length) {
        return;
      }
      const most = Math.log1p(Math.max(...column.counts));
      column.buckets.forEach((bucket, k) => {
        const by = FAINTEST + (1 - FAINTEST) * Math.log1p(column.counts[k]) / most;
        g.fillStyle = css(by < 0.5 ? mix(ink['heat-0'], ink['heat-1'], by * 2) : mix(ink['heat-1'], ink['heat-2'], by * 2 - 1));
        const x = Math.floor(box.x + i * cell.w);
        const y = Math.floor(this.y(bucket + 1));
        g.fillRect(x, y, Math.ceil(box.x + (i + 1) * cell.w) - x - (cell.w > 4 ? 1 : 0), Math.max(1, Math.ceil(cell.h) - (cell.h > 4 ? 1 : 0)));
      });
    });
  }

  axes(g) {
    const {ink, box} = this;
    g.fillStyle = css(ink.dim);
    g.strokeStyle = css(ink.line);
    g.lineWidth = 1;
    g.textBaseline = 'middle';
    g.textAlign = 'right';
    for (const ns of NICE_NS) {
      const row = this.row(ns);
      if (row < this.low || row > this.high + 1) {
        continue;
      }
      const y = Math.round(this.y(row)) + 0.5;
      g.beginPath();
      g.moveTo(box.x - 4, y);
      g.lineTo(box.x, y);
      g.stroke();
      g.fillText(roundTime(ns), box.x - 8, y);
    }
    g.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
    const every = Math.max(1, Math.ceil(LABEL_EVERY_PX / this.cell.w / 12) * 12);
    const n = this.columns.length;
    const latest = this.columns.findLast(c => c);
    if (!latest) {
      return;
    }
    g.textBaseline = 'top';
    for (let back = 0; back < n; back += every) {
      const x = box.x + box.w - back * this.cell.w;
      const at = new Date(Date.parse(latest.at) - back * this.about.stepSeconds * 1000);
      g.textAlign = back === 0 ? 'right' : 'center';
      if (x > box.x + 24) {
        g.fillText(clock(at.toISOString()), x, box.y + box.h + 7);
      }
    }
  }

  lines(g) {
    const {ink, box, cell} = this;
    const p99 = () => {
      let drawing = false;
      g.beginPath();
      this.columns.forEach((column, i) => {
        if (!column?.counts.length) {
          drawing = false;
          return;
        }
        const y = this.y(Math.min(this.row(column.p99Ns), this.high + 1));
        const from = box.x + i * cell.w;
        drawing ? g.lineTo(from, y) : g.moveTo(from, y);
        g.lineTo(from + cell.w, y);
        drawing = true;
      });
      g.stroke();
    };
    g.lineJoin = 'round';
    g.strokeStyle = css(ink.surface);
    g.lineWidth = 3.5;
    p99();
    g.strokeStyle = css(ink.ink);
    g.lineWidth = 1.5;
    p99();
    if (this.about.budgetNs) {
      const y = Math.round(this.y(this.row(this.about.budgetNs))) + 0.5;
      g.strokeStyle = css(ink.bad);
      g.setLineDash([5, 4]);
      g.beginPath();
      g.moveTo(box.x, y);
      g.lineTo(box.x + box.w, y);
      g.stroke();
      g.setLineDash([]);
    }
  }

  mark(g) {
    if (!this.cursor) {
      return;
    }
    const {column, row} = this.cursor;
    g.strokeStyle = css(this.ink.ink);
    g.lineWidth = 1;
    g.strokeRect(Math.floor(this.box.x + column * this.cell.w) - 0.5, Math.floor(this.y(row + 1)) - 0.5,
      Math.max(3, this.cell.w) + 1, Math.max(3, this.cell.h) + 1);
  }

  point(event) {
    const column = Math.floor((event.offsetX - this.box.x) / this.cell.w);
    const row = this.low + Math.floor((this.box.y + this.box.h - event.offsetY) / this.cell.h);
    const inside = column >= 0 && column < this.columns.length && row >= this.low && row <= this.high;
    this.move(inside ? {column, row} : null);
  }

  key(event) {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (event.key === 'Escape') {
      this.move(null);
    } else if (step) {
      event.preventDefault();
      const latest = this.columns.length - 1;
      const from = this.cursor ?? {column: latest, row: this.columns[latest]?.buckets.at(-1) ?? this.low};
      const clamp = (x, low, high) => Math.max(low, Math.min(high, x));
      this.move(this.cursor
        ? {column: clamp(from.column + step[0], 0, latest), row: clamp(from.row + step[1], this.low, this.high)}
        : from);
    }
  }

  move(cursor) {
    this.cursor = cursor;
    this.draw();
    this.say(cursor ? this.told(cursor) : '');
  }

  told({column, row}) {
    const {edges} = this.about;
    const of = this.columns[column];
    const range = `${time(edges[row])} to ${edges[row + 1] ? time(edges[row + 1]) : 'more'}`;
    if (!of) {
      return `${range}: not measured`;
    }
    const total = of.counts.reduce((a, b) => a + b, 0);
    const here = of.counts[of.buckets.indexOf(row)] ?? 0;
    const part = here ? `${count(here)} commands (${share(here / total)})` : 'none';
    return `${clock(of.at)} · ${range}: ${part} · p99 ${of.p99Ns ? time(of.p99Ns) : '–'} · ${count(of.late)} late`;
  }

  say(text) {
    if (this.readout.textContent !== text) {
      this.readout.textContent = text;
    }
  }
}
