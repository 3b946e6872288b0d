import { expect } from 'vitest';
import type { AdminAct } from '../api/admin-act.ts';
import type { Entity } from '../api/frame.ts';
import type { Scenario, Tape } from '../api/scenario.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { ClusterSimulation } from '../cluster/simulation.ts';
import { leanTape } from './lean-scenario.ts';

const SECOND = 1_000_000;

type Printed = Extract<TraceEventData, { readonly type: 'tool-answered' }>;

/** A run whose tools are used one after the other. */
export class Desk {
  readonly simulation: ClusterSimulation;
  constructor(scenario: Scenario, tapes: Readonly<Record<string, Tape>> = { p1: leanTape() }) {
    this.simulation = new ClusterSimulation(scenario, tapes);
    expect(this.simulation.replaceCommands(scenario.commands).ok).toBe(true);
    this.run(3);
  }

  run(seconds: number): void {
    this.simulation.advance({ until: this.simulation.now() + seconds * SECOND, eventsMax: Infinity });
  }

  printed(): readonly Printed[] {
    const printed: Printed[] = [];
    const { trace } = this.simulation.kernelState();
    for (let i = trace.start; i < trace.end; i++) {
      const data = trace.at(i).data as TraceEventData;
      if (data.type === 'tool-answered') printed.push(data);
    }
    return printed;
  }

  /** What the tool of an act prints. */
  use(act: AdminAct, seconds = 2): Printed | undefined {
    const before = this.printed().length;
    expect(this.simulation.act(act)).toMatchObject({ ok: true });
    this.run(seconds);
    return this.printed()[before];
  }

  entities(): readonly Entity[] {
    this.simulation.seek(this.simulation.now()); // so that the frame tells everything
    return this.simulation.frame().changed;
  }
}

export const cell = (printed: Printed | undefined, row: number, head: string): string | undefined =>
  printed?.table?.rows[row]?.[printed.table.heads.indexOf(head)];
