import { select, type Selection } from 'd3-selection';
import { boxOf, rect, type Figure, type Mark } from '../view-model/picture/figure.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;

const SVG = 'http://www.w3.org/2000/svg';

/** Brings the figures of a layer up to date; a figure that is the same object as before is not looked at. */
export class FigureLayer {
  private readonly layer: Layer;
  private drawn: readonly Figure[] = [];
  private elements: SVGGElement[] = [];

  constructor(element: SVGGElement) {
    this.layer = select(element);
  }

  draw(figures: readonly Figure[]): void {
    if (figures === this.drawn) return;
    if (!sameKeys(figures, this.drawn)) this.join(figures);
    figures.forEach((figure, i) => {
      const element = this.elements[i];
      if (element === undefined) return;
      const before = element.__figure;
      if (before !== figure) renew(element, figure, before);
      element.__figure = figure;
    });
    this.drawn = figures;
  }

  /** The element of the first figure of an entity. */
  elementOf(entity: string): SVGGElement | undefined {
    return this.elements[this.drawn.findIndex((f) => f.entity === entity)];
  }

  private join(figures: readonly Figure[]): void {
    const joined = this.layer
      .selectAll<SVGGElement, Figure>('g.figure')
      .data(figures, keyOf)
      .join((enter) => enter.append('g').attr('class', 'figure'))
      .order();
    this.elements = joined.nodes();
  }
}

declare global {
  interface SVGGElement {
    /** What is drawn in it now. */
    __figure?: Figure;
  }
}

const keyOf = (figure: Figure): string => figure.key;

const sameKeys = (a: readonly Figure[], b: readonly Figure[]): boolean =>
  a.length === b.length && a.every((f, i) => f.key === b[i]?.key);

function renew(element: SVGGElement, figure: Figure, before: Figure | undefined): void {
  if (before === undefined || before.entity !== figure.entity || before.label !== figure.label)
    name(element, figure);
  const at = figure.at;
  if (at !== null) element.style.transform = `translate(${at[0]}px, ${at[1]}px)`;
  const marks = withHitArea(figure);
  const old = before === undefined ? [] : withHitArea(before);
  if (before !== undefined && sameTags(old, marks)) {
    marks.forEach((mark, i) => {
      const child = element.children[i];
      const last = old[i];
      if (child !== undefined && last !== undefined && last !== mark) change(child, mark, last);
    });
  } else element.replaceChildren(...marks.map(create));
}

/** A figure that can be selected can be hit anywhere in its box. */
function withHitArea(figure: Figure): readonly Mark[] {
  const { box, at, marks } = figure;
  if (figure.entity === null || box === null) return marks;
  return [
    rect(boxOf(box.x - (at?.[0] ?? 0), box.y - (at?.[1] ?? 0), box.width, box.height), 'hit'),
    ...marks,
  ];
}

function name(element: SVGGElement, figure: Figure): void {
  if (figure.entity === null) {
    element.removeAttribute('data-entity');
    element.removeAttribute('role');
    element.removeAttribute('aria-label');
    return;
  }
  element.setAttribute('data-entity', figure.entity);
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', figure.label);
}

const sameTags = (a: readonly Mark[], b: readonly Mark[]): boolean =>
  a.length === b.length && a.every((mark, i) => mark.tag === b[i]?.tag);

function create(mark: Mark): Element {
  const element = document.createElementNS(SVG, mark.tag);
  change(element, mark, null);
  return element;
}

/** Writes only the attributes that differ. */
function change(element: Element, mark: Mark, old: Mark | null): void {
  const set = (attribute: string, now: string | number, before: string | number | undefined): void => {
    if (now !== before) element.setAttribute(attribute, String(now));
  };
  set('class', mark.classes, old?.classes);
  if (mark.tag === 'text') {
    const before = old?.tag === 'text' ? old : undefined;
    set('x', mark.x, before?.x);
    set('y', mark.y, before?.y);
    if (mark.text !== before?.text) element.textContent = mark.text;
  } else if (mark.tag === 'rect') {
    const before = old?.tag === 'rect' ? old : undefined;
    set('x', mark.x, before?.x);
    set('y', mark.y, before?.y);
    set('width', mark.width, before?.width);
    set('height', mark.height, before?.height);
    set('rx', mark.radius, before?.radius);
  } else {
    const before = old?.tag === 'path' ? old : undefined;
    set('d', mark.d, before?.d);
    if (mark.strokeWidth !== (before?.strokeWidth ?? null)) {
      if (mark.strokeWidth === null) element.removeAttribute('stroke-width');
      else element.setAttribute('stroke-width', String(mark.strokeWidth));
    }
  }
}
