import type { ControllerView } from '../../api/cluster-view.ts';
import type { ReaderView, TransactorView } from '../../api/views/client.ts';
import type { NodeId } from '../../api/ids.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { ReaderFigure, TransactorFigure } from './client-figures.ts';
import { ControllerFigure } from './controller-figure.ts';

/** Live looks at machines that only some rules ask about. */
export interface Figures {
  readonly controllers: readonly ControllerView[];
  readonly transactors: readonly TransactorView[];
  readonly readers: readonly ReaderView[];
}

interface Watched {
  readonly controllers: readonly NodeId[];
  readonly writers: readonly NodeId[];
  readonly readers: readonly NodeId[];
}

export function figuresOf(kernel: Kernel, { controllers, writers, readers }: Watched): Figures {
  return {
    controllers: controllers.map((node) => new ControllerFigure(kernel, node)),
    transactors: writers.map((node) => new TransactorFigure(kernel, node)),
    readers: readers.map((node) => new ReaderFigure(kernel, node)),
  };
}
