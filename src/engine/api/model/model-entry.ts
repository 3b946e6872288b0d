/**
 * How far a behaviour of Kafka goes here: as Kafka does it; as Kafka does it but for what the note says; not at all.
 */
export type Standing = 'modelled' | 'simplified' | 'absent';

/** One behaviour of Kafka, and what this model makes of it. */
export interface ModelEntry {
  readonly behaviour: string;
  readonly standing: Standing;
  /** The KIPs and the classes of Kafka that it follows. */
  readonly source: string;
  /** One plain sentence: what is simplified, or what takes its place; null where there is nothing to say. */
  readonly note: string | null;
}

/** The behaviours of one part of Kafka. */
export interface ModelArea {
  readonly name: string;
  /** The release that it follows. */
  readonly version: string;
  readonly entries: readonly ModelEntry[];
}

/** As Kafka does it. */
export const modelled = (behaviour: string, source: string): ModelEntry => ({
  behaviour,
  standing: 'modelled',
  source,
  note: null,
});

/** As Kafka does it, but for what the note says. */
export const simplified = (behaviour: string, source: string, note: string): ModelEntry => ({
  behaviour,
  standing: 'simplified',
  source,
  note,
});

/** Not there. The note says what a person sees instead. */
export const absent = (behaviour: string, source: string, note: string): ModelEntry => ({
  behaviour,
  standing: 'absent',
  source,
  note,
});
