import type { Packet } from '../../../engine/api/frame.ts';
import { moment, plural } from '../number-format.ts';
import { FigureCache } from '../picture/figure-cache.ts';
import { figure, text, type Figure, type Picture, type Port } from '../picture/figure.ts';
import { flightFigures } from './flights.ts';
import { KeyLetters } from './keys.ts';
import { frameBox, laneFigures } from './lane-figures.ts';
import { boundaryX, laneY, layoutLanes, type LanesLayout } from './layout.ts';
import { lanesModel, type LanesModel, type LanesSource } from './model.ts';
import { producingFigures } from './producing.ts';
import { spanFigures, stableFigures } from './transactions.ts';
import { elrFigure, flagFigure, isrFigure, readerFigures, scaleFigure } from './rules.ts';

export interface LanesInput extends LanesSource {
  readonly packets: readonly Packet[];
  readonly width: number;
  readonly height: number;
  readonly phone: boolean;
}

export interface LanesContext {
  readonly model: LanesModel;
  /** `shape` is the same object while nothing of the layout moves. */
  readonly layout: LanesLayout & { readonly shape: object };
  readonly keys: KeyLetters;
  readonly cache: FigureCache;
  /** Short name of a node. */
  readonly label: (node: string) => string;
}

/** What one picture of a partition leaves for the next. */
export class LanesPainter {
  private readonly cache = new FigureCache();
  private keys = new KeyLetters();
  private partition = '';
  private shape: object = {};
  private sizes = '';

  paint(input: LanesInput): Picture {
    const model = lanesModel(input);
    if (model === null) return empty(input);
    if (model.partition.id !== this.partition) this.keys = new KeyLetters();
    this.partition = model.partition.id;
    for (const lane of model.lanes) for (const cell of lane.cells) this.keys.markOf(cell.key);
    const layout = this.withShape(layoutLanes(model, input));
    const label = (id: string): string => {
      const node = input.entities.get(id);
      return node?.kind === 'node' ? node.label : id;
    };
    const context: LanesContext = { model, layout, keys: this.keys, cache: this.cache, label };
    const figures = draw(context, input);
    this.cache.turn();
    return {
      width: layout.width,
      height: layout.height,
      title: title(model, input.at),
      figures,
      ports: () => ports(context),
    };
  }

  private withShape(layout: LanesLayout): LanesContext['layout'] {
    const sizes = JSON.stringify({ ...layout, size: layout.size.cell, partition: this.partition });
    if (sizes !== this.sizes) this.shape = {};
    this.sizes = sizes;
    return { ...layout, shape: this.shape };
  }
}

function draw(context: LanesContext, input: LanesInput): Figure[] {
  return [
    ...producingFigures(context),
    ...context.model.lanes.flatMap((lane, i) => laneFigures(context, lane, i)),
    isrFigure(context),
    ...elrFigure(context),
    ...scaleFigure(context),
    ...stableFigures(context),
    ...spanFigures(context),
    ...flagFigure(context),
    ...readerFigures(context),
    ...flightFigures(context, input.packets, input.at),
  ];
}

function title(model: LanesModel, at: number): string {
  const { partition } = model;
  const led =
    partition.leader < 0
      ? 'without a leader'
      : `led by B${partition.leader} in epoch ${partition.leaderEpoch}`;
  const isr = partition.isr.map((b) => `B${b}`).join(' ');
  const lags = model.readers.map((r) => `${r.group.name} is ${plural(r.read.lag, 'record')} behind`);
  return `${partition.name} at ${moment(at)}, ${led}, in sync ${isr === '' ? 'nobody' : isr}, high watermark ${model.highWatermark}${model.lastStable === null ? '' : `, last stable offset ${model.lastStable}`}, log end ${model.end}. ${lags.join('. ')}`;
}

const empty = (input: LanesInput): Picture => ({
  width: input.width,
  height: Math.max(120, input.phone ? 120 : input.height),
  title: 'No partition yet',
  figures: [
    figure('empty', [
      text(16, 40, 'There is no partition yet.', 'tb'),
      text(16, 60, 'It appears when a topic has been created.', 't2'),
    ]),
  ],
  ports: () => [],
});

/** Producers and owners at their boxes, brokers at their lanes. */
function ports({ model, layout }: LanesContext): Port[] {
  const row = Math.max(
    0,
    model.lanes.findIndex((l) => l.leader),
  );
  const middle = laneY(layout, row) + layout.frameHeight / 2;
  const inside = boundaryX(layout, model.end) + layout.size.cell / 2;
  const lanes = model.lanes.flatMap((l, i): Port[] => {
    if (l.node === undefined) return [];
    const at = { node: l.node.id, partition: null, y: frameBox(layout, i).y + layout.frameHeight / 2 + 3 };
    return [
      { ...at, x: inside },
      { ...at, x: layout.x - 24 },
    ];
  });
  const producers = layout.phone
    ? []
    : model.producers.map((p) => ({
        node: p.producer.node,
        partition: null,
        x: layout.x > 230 ? 172 : 146,
        y: middle + 3,
      }));
  const owners = model.readers.slice(0, layout.readersShown).flatMap((r, i): Port[] =>
    r.owner === undefined
      ? []
      : [
          {
            node: r.owner.id,
            partition: null,
            x: layout.x + layout.frameWidth + 20,
            y: layout.readersY + i * layout.readersPitch,
          },
        ],
  );
  return [...lanes, ...producers, ...owners];
}
