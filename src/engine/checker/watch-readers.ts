import type { ReaderView, SentCommitView } from '../api/views/client.ts';
import type { Ghost, ReaderGhost } from './ghost.ts';
import { endOf, having, type Handlers, type Invariant, type Scene } from './invariant.ts';

/** Has it checked what readers are given, and takes it down. */
export class ReaderWatch {
  private readonly onPoll: Handlers<'onPoll'>;
  private readonly onReader: Handlers<'onReader'>;

  constructor(invariants: readonly Invariant[]) {
    this.onPoll = having(invariants, 'onPoll');
    this.onReader = having(invariants, 'onReader');
  }

  look(scene: Scene, reader: ReaderView): void {
    const known = readerGhost(scene.ghost, reader);
    for (const invariant of this.onReader) invariant.onReader(scene, { reader, known });
    known.underWay = reader.commits.map(({ token }) => token);
    const { working, given } = reader;
    if (working.length === 0 || given === known.given) return;
    known.given = given;
    for (const invariant of this.onPoll) invariant.onPoll(scene, { reader, known });
    for (const { name, batch, to } of working) {
      known.next.set(name, offsetAfter(batch, to));
      known.last.set(name, batch);
    }
  }
}

/** One beyond the record before this index; beyond the batch if that was its last one. */
function offsetAfter(batch: Parameters<typeof endOf>[0], to: number): number {
  const { records, baseOffset } = batch;
  if (to >= records.count) return endOf(batch);
  return baseOffset + (records.offsetDeltas?.[to - 1] ?? to - 1) + 1;
}

function readerGhost(
  { readers }: Ghost,
  { node, incarnation, generation, rewinds }: ReaderView,
): ReaderGhost {
  const session = `${incarnation}/${generation}/${rewinds}`;
  const known = readers.get(node);
  if (known?.session === session) return known;
  const sameLife = known?.session.startsWith(`${incarnation}/`) === true;
  const fresh: ReaderGhost = {
    session,
    given: sameLife ? known.given : -1,
    next: new Map(),
    last: new Map(),
    stale: sameLife ? known.stale : new Map<number, SentCommitView>(),
    underWay: sameLife ? known.underWay : [],
  };
  readers.set(node, fresh);
  return fresh;
}
