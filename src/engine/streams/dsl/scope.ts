import { StreamsError } from '../task/streams-error.ts';
import type { ProcessorKind } from '../processors/registry.ts';
import type { StreamsBuilder } from '../topology/streams-builder.ts';
import type { Ref, StreamRef, TableRef } from './refs.ts';

/** A node that refers to what is not there, or to something of another kind. Not an exception of Kafka's. */
export class TopologyDataError extends StreamsError {
  constructor(message: string) {
    super('TopologyDataError', message);
  }
}

/** What a declaration works with: the graph so far, and what the ids stand for. */
export class Scope {
  readonly builder: StreamsBuilder;
  private readonly refs = new Map<string, Ref>();

  /** Kinds of processors beside those of the closed set. */
  readonly processors: ReadonlyMap<string, ProcessorKind> | undefined;

  constructor(builder: StreamsBuilder, processors?: ReadonlyMap<string, ProcessorKind>) {
    this.builder = builder;
    this.processors = processors;
  }

  define(id: string | undefined, ref: Ref): void {
    if (id === undefined) return;
    if (this.refs.has(id)) throw new TopologyDataError(`two nodes with id "${id}"`);
    this.refs.set(id, ref);
  }

  ref(id: string): Ref {
    const ref = this.refs.get(id);
    if (ref === undefined) throw new TopologyDataError(`no node with id "${id}"`);
    return ref;
  }

  of<K extends Ref['kind']>(id: string, kind: K): Extract<Ref, { kind: K }> {
    const ref = this.ref(id);
    if (ref.kind !== kind) throw new TopologyDataError(`node "${id}" is a ${ref.kind}, not a ${kind}`);
    return ref as Extract<Ref, { kind: K }>;
  }

  stream(id: string): StreamRef {
    return this.of(id, 'stream');
  }

  table(id: string): TableRef {
    return this.of(id, 'table');
  }
}
