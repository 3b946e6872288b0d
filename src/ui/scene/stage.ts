import './stage.css';
import type { EntityId } from '../../engine/api/frame.ts';
import type { Figure, Picture } from '../view-model/picture/figure.ts';
import { boxesOf, neighbour, pointingFigures, type Arrow } from '../view-model/picture/pointing.ts';
import type { Painter } from '../view-model/stage-picture.ts';
import { FigureLayer } from './draw-figures.ts';
import { PacketCanvas } from './packet-canvas.ts';
import type { Stage, StageCallbacks, StageInput } from './stage-input.ts';

export type { Stage, StageCallbacks, StageInput, StageSpeed, Rung } from './stage-input.ts';

const SVG = 'http://www.w3.org/2000/svg';
const ARROWS: Readonly<Record<string, Arrow>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Puts what `painter` paints into `host` and keeps it true; `callbacks` hear what a person does with it. */
export function mountStage(host: HTMLElement, painter: Painter, callbacks: StageCallbacks): Stage {
  return new MountedStage(host, painter, callbacks);
}

class MountedStage implements Stage {
  private readonly view = document.createElement('div');
  private readonly svg = document.createElementNS(SVG, 'svg');
  private readonly marks: FigureLayer;
  private readonly pointing: FigureLayer;
  private readonly packets: PacketCanvas;
  private readonly painter: Painter;
  private readonly listeners = new AbortController();
  private readonly callbacks: StageCallbacks;
  private input: StageInput | null = null;
  private picture: Picture | null = null;
  private hover: EntityId | null = null;
  private focused = false;
  private pointed: readonly unknown[] = [];
  private frame = 0;

  constructor(host: HTMLElement, painter: Painter, callbacks: StageCallbacks) {
    this.painter = painter;
    this.callbacks = callbacks;
    this.view.className = 'stage-view';
    this.svg.setAttribute('role', 'group');
    this.svg.setAttribute('tabindex', '0');
    this.svg.setAttribute('aria-roledescription', 'stage');
    this.svg.innerHTML =
      '<defs><pattern id="stage-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" class="hatch-line"/></pattern><pattern id="stage-cross" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V7M0 0H7" class="hatch-line"/></pattern></defs><g class="marks"/><g class="pointing" aria-hidden="true"/>';
    this.marks = new FigureLayer(this.group('marks'));
    this.pointing = new FigureLayer(this.group('pointing'));
    this.packets = new PacketCanvas();
    this.view.append(this.svg, this.packets.element);
    host.append(this.view);
    this.listen();
  }

  update(input: StageInput): void {
    this.input = input;
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.redraw());
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.listeners.abort();
    this.packets.destroy();
    this.view.remove();
  }

  private group(name: string): SVGGElement {
    const group = this.svg.querySelector<SVGGElement>(`g.${name}`);
    if (group === null) throw new Error(`the stage has no layer ${name}`);
    return group;
  }

  private redraw(): void {
    this.frame = 0;
    const { input } = this;
    if (input === null) return;
    const picture = this.painter.paint(input);
    if (this.picture?.width !== picture.width || this.picture.height !== picture.height) {
      this.svg.setAttribute('width', String(picture.width));
      this.svg.setAttribute('height', String(picture.height));
    }
    if (this.picture?.title !== picture.title) this.svg.setAttribute('aria-label', picture.title);
    this.view.classList.toggle('gliding', input.playing && !input.reducedMotion);
    this.picture = picture;
    this.marks.draw(picture.figures);
    this.point();
    this.packets.show(input, picture);
  }

  /** Outlines follow the marks; they are made anew only when one of these changed. */
  private point(): void {
    const { picture, input } = this;
    if (picture === null || input === null) return;
    const shown = [picture.figures, input.selection, this.hover, this.focused];
    if (shown.every((x, i) => x === this.pointed[i])) return;
    this.pointed = shown;
    const { selection } = input;
    this.pointing.draw(pointingFigures(picture, { selection, hover: this.hover, focused: this.focused }));
    const chosen = selection === null ? undefined : this.marks.elementOf(selection);
    this.svg.querySelector('[aria-current]')?.removeAttribute('aria-current');
    chosen?.setAttribute('aria-current', 'true');
    if (chosen !== undefined) chosen.id ||= `mark-${selection ?? ''}`;
    if (chosen === undefined) this.svg.removeAttribute('aria-activedescendant');
    else this.svg.setAttribute('aria-activedescendant', chosen.id);
  }

  private listen(): void {
    const { signal } = this.listeners;
    const { svg, callbacks } = this;
    const entityAt = (event: Event): EntityId | null =>
      event.target instanceof Element
        ? (event.target.closest('[data-entity]')?.getAttribute('data-entity') ?? null)
        : null;
    svg.addEventListener('click', (event) => callbacks.select(entityAt(event)), { signal });
    svg.addEventListener('dblclick', (event) => this.open(entityAt(event)), { signal });
    svg.addEventListener('contextmenu', (event) => this.menu(event, entityAt(event)), { signal });
    svg.addEventListener('pointerover', (event) => this.hoverOver(entityAt(event)), { signal });
    svg.addEventListener('pointerleave', () => this.hoverOver(null), { signal });
    svg.addEventListener('keydown', (event) => this.key(event), { signal });
    const focus = (): void => {
      this.focused = svg.matches(':focus-visible');
      this.point();
    };
    svg.addEventListener('focus', focus, { signal });
    svg.addEventListener('blur', focus, { signal });
  }

  private hoverOver(id: EntityId | null): void {
    if (this.hover === id) return;
    this.hover = id;
    this.point();
  }

  private open(id: EntityId | null): void {
    if (id !== null) this.callbacks.open(id);
  }

  private menu(event: MouseEvent, id: EntityId | null): void {
    if (id === null) return;
    event.preventDefault();
    // The keyboard's menu key arrives here too, in some browsers without a place.
    if (event.detail === 0 && event.clientX === 0 && event.clientY === 0) this.menuAt(id);
    else this.callbacks.menu(id, event.clientX, event.clientY);
  }

  private menuAt(id: EntityId): void {
    const [box] = this.picture === null ? [] : boxesOf(this.picture, id);
    if (box === undefined) return;
    const page = this.svg.getBoundingClientRect();
    this.callbacks.menu(id, page.left + box.x + box.width / 2, page.top + box.y + box.height / 2);
  }

  private key(event: KeyboardEvent): void {
    const { input, picture } = this;
    if (input === null || picture === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const { selection } = input;
    if (arrow !== undefined && !event.shiftKey) this.step(picture, selection, arrow);
    else if (event.key === 'Enter') this.open(selection);
    else if (event.key === 'Escape') this.callbacks.select(null);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      if (selection !== null) this.menuAt(selection);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private step(picture: Picture, selection: EntityId | null, arrow: Arrow): void {
    this.focused = true;
    const next = neighbour(picture, selection, arrow);
    if (next === null) return;
    this.callbacks.select(next);
    const [box] = boxesOf(picture, next);
    if (box !== undefined) this.reveal(box);
  }

  /** Scrolls a mark into view where the picture is larger than the stage. */
  private reveal(box: NonNullable<Figure['box']>): void {
    const { view } = this;
    const into = (from: number, size: number, at: number, length: number): number =>
      at < from + 16 ? at - 16 : at + length > from + size - 16 ? at + length - size + 16 : from;
    view.scrollLeft = into(view.scrollLeft, view.clientWidth, box.x, box.width);
    view.scrollTop = into(view.scrollTop, view.clientHeight, box.y, box.height);
  }
}
