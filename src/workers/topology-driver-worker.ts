import * as Comlink from 'comlink';
import { ok, type Result } from '../engine/base/result.ts';
import type { Problem } from '../engine/api/scenario-problem.ts';
import type { TopologyFigure, TopologySource } from '../engine/api/topology-driver.ts';
import { buildSource } from '../engine/streams/test-driver/build-source.ts';
import { runSession } from '../engine/streams/test-driver/driver-run.ts';
import { printSession, readSession, readTopology } from '../engine/streams/test-driver/session-text.ts';
import { topologyFigure } from '../engine/streams/test-driver/topology-figure.ts';
import { placeTopology, type PlacedTopology } from './topology-layout.ts';

/** A topology to be looked at: with a place for everything, for either way that there may be room for. */
export interface DrawnTopology {
  readonly figure: TopologyFigure;
  readonly right: PlacedTopology;
  readonly down: PlacedTopology;
}

function draw(source: TopologySource): Result<DrawnTopology, Problem> {
  const built = buildSource(source);
  if (!built.ok) return built;
  const figure = topologyFigure(built.value);
  return ok({ figure, right: placeTopology(figure, 'right'), down: placeTopology(figure, 'down') });
}

/** What the page calls over Comlink. Nothing is kept between two calls. */
const api = { draw, run: runSession, read: readTopology, readSession, printSession };

export type TopologyDriverApi = typeof api;

Comlink.expose(api);
