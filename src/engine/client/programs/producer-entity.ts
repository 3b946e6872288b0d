import { producerFacts, type ProducerFacts } from '../producer/producer-facts.ts';
import type { ProducerMemory } from './producer-program.ts';

/** Facts of a running tape player: those of its producer, and how far the tape is. */
export interface TapePlayerFacts extends ProducerFacts {
  readonly topic: string;
  readonly tapeTotal: number;
  /** Next row to be sent. */
  readonly row: number;
  /** Rows that send() never took. */
  readonly refused: number;
  /** A send() waits for memory or metadata. */
  readonly blocked: boolean;
  readonly ended: boolean;
}

export function tapePlayerFacts(memory: ProducerMemory): TapePlayerFacts {
  const { config, position, refused, blocked, ended } = memory;
  const { topic, tape } = config;
  const facts = producerFacts(memory.producer, topic);
  return { ...facts, topic, tapeTotal: tape.count, row: position.row, refused, blocked, ended };
}
