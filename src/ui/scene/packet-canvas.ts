import { select, type Selection } from 'd3-selection';
import {
  envelopes,
  flightTime,
  paceOf,
  progress,
  GLYPHS_MAX,
  type Envelope,
} from '../view-model/packet-flight.ts';
import { besideWords, placeBeside, takenBoxes, wordBoxes } from '../view-model/flight-words.ts';
import { plural } from '../view-model/number-format.ts';
import type { Box, Picture } from '../view-model/picture/figure.ts';
import type { StageInput } from './stage-input.ts';

interface Flight {
  readonly envelope: Envelope;
  /** Wall time at which it left, and how long it flies, ms. */
  readonly start: number;
  readonly duration: number;
}

interface Colours {
  readonly ink: string;
  readonly quiet: string;
  readonly canvas: string;
}

/** Envelopes on their way, over the picture. Nothing else on the stage moves. */
export class PacketCanvas {
  readonly element = document.createElement('canvas');
  private readonly canvas: Selection<HTMLCanvasElement, unknown, null, undefined> = select(this.element);
  private readonly pen = this.element.getContext('2d');
  private picture: Picture | null = null;
  private words: readonly Box[] = [];
  private taken: readonly Box[] = [];
  /** All but the words: envelopes pass below them. */
  private free = new Path2D();
  private flights = new Map<number, Flight>();
  private landed = new Set<number>();
  private frame = 0;
  private size = '';
  private theme = '';
  private font = '';
  private colours: Colours = { ink: '#000', quiet: '#000', canvas: '#fff' };

  show(input: StageInput, picture: Picture): void {
    const pace = paceOf(input);
    const shown = pace === 'none' ? [] : envelopes(input.packets, picture);
    if (pace !== 'flying') this.flights.clear();
    const empty = shown.length === 0 && this.flights.size === 0;
    this.element.hidden = empty;
    if (empty) return;
    if (this.picture?.figures !== picture.figures) {
      this.taken = takenBoxes(picture);
      this.words = wordBoxes(picture);
      this.free = around(picture, this.words);
    }
    this.picture = picture;
    this.resize(picture);
    this.readStyle(input.theme);
    if (pace === 'flying' && typeof input.speed === 'number') this.launch(shown, input.at, input.speed);
    else
      this.draw(
        shown.map((e) => ({ envelope: e, f: progress(e, input.at) })),
        input.at,
      );
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.element.remove();
  }

  /** Each message starts where it is now, and flies to its end even if the next frame no longer names it. */
  private launch(shown: readonly Envelope[], at: number, speed: number): void {
    const now = performance.now();
    const named = new Set(shown.map((e) => e.id));
    for (const id of this.landed) if (!named.has(id)) this.landed.delete(id);
    for (const envelope of shown) {
      if (this.landed.has(envelope.id) || this.flights.size >= GLYPHS_MAX) continue;
      const before = this.flights.get(envelope.id);
      const duration = before?.duration ?? flightTime(envelope, speed);
      const start = before?.start ?? now - progress(envelope, at) * duration;
      this.flights.set(envelope.id, { envelope, start, duration });
    }
    if (this.frame === 0) this.frame = requestAnimationFrame((time) => this.fly(time));
  }

  private fly(now: number): void {
    this.frame = 0;
    const flying: { envelope: Envelope; f: number }[] = [];
    for (const [id, { envelope, start, duration }] of this.flights) {
      const f = (now - start) / duration;
      if (f < 1) flying.push({ envelope, f: Math.max(0, f) });
      else {
        this.flights.delete(id);
        this.landed.add(id);
      }
    }
    this.draw(flying, null);
    if (this.flights.size > 0) this.frame = requestAnimationFrame((time) => this.fly(time));
  }

  private resize({ width, height }: Picture): void {
    const ratio = window.devicePixelRatio;
    const size = `${width} ${height} ${ratio}`;
    if (size === this.size) return;
    this.size = size;
    this.canvas
      .attr('width', Math.round(width * ratio))
      .attr('height', Math.round(height * ratio))
      .style('width', `${width}px`)
      .style('height', `${height}px`);
    this.pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Once for each theme: asking for a style in every frame makes the browser work it out in every frame. */
  private readStyle(theme: string): void {
    if (theme === this.theme) return;
    this.theme = theme;
    const style = getComputedStyle(this.element);
    const of = (name: string): string => style.getPropertyValue(name).trim();
    this.font = `12px ${of('--instrument') || 'sans-serif'}`;
    this.colours = { ink: of('--ink'), quiet: of('--ink-2'), canvas: of('--canvas') };
  }

  /** `at` is given when envelopes stand: then a few say how far they are. */
  private draw(shown: readonly { envelope: Envelope; f: number }[], at: number | null): void {
    const { pen, picture } = this;
    if (pen === null || picture === null) return;
    pen.clearRect(0, 0, this.element.width, this.element.height);
    pen.font = this.font;
    pen.textAlign = 'center';
    const taken = [...this.taken];
    const drawn: (readonly [number, number])[] = [];
    for (const { envelope, f } of shown) {
      const [x, way] = placeOf(envelope, at === null ? f : offItsEnds(envelope, f));
      const y = at === null ? way : besideWords(x, way, this.words);
      pen.save();
      pen.clip(this.free, 'evenodd');
      if (envelope.response) this.reply(pen, x, y);
      else this.request(pen, x, y);
      pen.restore();
      const words =
        shown.length <= FEW && at !== null ? elapsed(envelope, at) : amount(envelope, shown.length);
      const told = drawn.some(([ax, ay]) => Math.hypot(ax - x, ay - y) < 12);
      drawn.push([x, y]);
      const place =
        words === '' || told ? null : placeBeside({ x, y, words, below: envelope.response }, taken, picture);
      if (place === null) continue;
      taken.push(place);
      pen.fillStyle = this.colours.canvas;
      pen.fillRect(place.x, place.y, place.width, place.height);
      pen.fillStyle = this.colours.quiet;
      pen.fillText(words, place.x + place.width / 2, place.y + 11);
    }
  }

  private request(pen: CanvasRenderingContext2D, x: number, y: number): void {
    pen.fillStyle = this.colours.canvas;
    pen.strokeStyle = this.colours.ink;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(x - 9, y - 6.5, 18, 13, 2);
    pen.fill();
    pen.stroke();
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x - 8, y - 5.5);
    pen.lineTo(x, y + 1);
    pen.lineTo(x + 8, y - 5.5);
    pen.stroke();
  }

  /** An answer is a smaller envelope with a tick. */
  private reply(pen: CanvasRenderingContext2D, x: number, y: number): void {
    pen.fillStyle = this.colours.canvas;
    pen.strokeStyle = this.colours.quiet;
    pen.lineWidth = 1.25;
    pen.beginPath();
    pen.roundRect(x - 6.5, y - 5, 13, 10, 2);
    pen.fill();
    pen.stroke();
    pen.beginPath();
    pen.moveTo(x - 3, y);
    pen.lineTo(x - 1, y + 2);
    pen.lineTo(x + 3, y - 2.5);
    pen.stroke();
  }
}

/** The picture with holes where boxes are, by the even-odd rule. Boxes that touch are one hole less; words do not. */
function around({ width, height }: Picture, boxes: readonly Box[]): Path2D {
  const path = new Path2D();
  path.rect(0, 0, width, height);
  for (const box of boxes) path.rect(box.x, box.y, box.width, box.height);
  return path;
}

/** Along the way that races take: to its row first, then in it; requests a little to one side and answers to the other. */
function placeOf({ from, to, response }: Envelope, f: number): [number, number] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const side = response ? 9 : -8;
  if (Math.abs(dy) > Math.abs(dx)) return [from[0] + dx * f - side, from[1] + dy * f];
  const t = Math.min(1, (dx > 0 ? f : 1 - f) / 0.7);
  const eased = t * t * (3 - 2 * t);
  const [start, end] = dx > 0 ? [from[1], to[1]] : [to[1], from[1]];
  return [from[0] + dx * f, start + (end - start) * eased + side];
}

/** An envelope that stands does not hide the mark that it comes from or goes to. */
function offItsEnds({ from, to }: Envelope, f: number): number {
  const margin = Math.min(0.5, 18 / Math.max(1, Math.hypot(to[0] - from[0], to[1] - from[1])));
  return Math.min(1 - margin, Math.max(margin, f));
}

/** Among more envelopes than this words would only be in the way. */
const FEW = 4;

const amount = ({ messages, records }: Envelope, shown: number): string =>
  messages > 1 ? `\u00d7${messages}` : shown <= FEW && records > 0 ? plural(records, 'record') : '';

function elapsed(envelope: Envelope, at: number): string {
  const whole = (envelope.arrivesAt - envelope.sentAt) / 1000;
  const digits = whole < 10 && !Number.isInteger(whole) ? 1 : 0;
  return `${(progress(envelope, at) * whole).toFixed(digits)} of ${whole.toFixed(digits)} ms`;
}
