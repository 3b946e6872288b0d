import { AppendList } from '../base/append-list.ts';
import type { OutcomeList, ProducerView, SendOutcome } from '../api/views/client.ts';
import { topicPartition } from '../api/ids.ts';
import {
  partitionGhost,
  producerGhost,
  ROW,
  type Ack,
  type PartitionGhost,
  type ProducerGhost,
} from './ghost.ts';
import { having, type Handlers, type Invariant, type Scene } from './invariant.ts';
import { hasMark, mark, timesStanding } from './standing.ts';

/** Takes down what producers were told since they were looked at last, and has it checked. */
export class ProducerWatch {
  private readonly onAck: Handlers<'onAck'>;

  constructor(invariants: readonly Invariant[]) {
    this.onAck = having(invariants, 'onAck');
  }

  look(scene: Scene, producer: ProducerView): void {
    const known = producerGhost(scene.ghost, producer.node);
    if (producer.incarnation !== known.incarnation) beginLife(known, producer.incarnation);
    if (producer.played > known.played) known.played = producer.played;
    const { outcomes } = producer;
    if (outcomes === undefined || outcomes.end === known.outcomes) return;
    this.takeDown(scene, producer, { known, outcomes });
  }

  private takeDown(scene: Scene, producer: ProducerView, { known, outcomes }: Told): void {
    for (let i = Math.max(known.outcomes, outcomes.start); i < outcomes.end; i++) {
      const outcome = outcomes.at(i);
      if (outcome.outcome === 'acknowledged') this.acknowledged(scene, producer, { known, outcome });
      else noteFailure(known, outcome);
    }
    known.outcomes = outcomes.end;
  }

  private acknowledged(scene: Scene, producer: ProducerView, { known, outcome }: Answered): void {
    for (const row of outcome.rows) noteAcknowledged(known, row);
    if (outcome.baseOffset < 0) {
      noteUnplaced(known, outcome);
      return;
    }
    const partition = partitionGhost(scene.ghost, placeOf(producer.topic, outcome.partition));
    const ack = Object.freeze({
      ...outcome,
      producer: producer.node,
      incarnation: producer.incarnation,
      trace: scene.view.newestTrace,
    });
    for (const invariant of this.onAck) invariant.onAck(scene, { producer, partition, ack });
    keep(partition, ack);
  }
}

interface Told {
  readonly known: ProducerGhost;
  readonly outcomes: OutcomeList;
}

interface Answered {
  readonly known: ProducerGhost;
  readonly outcome: SendOutcome;
}

const placeOf = (topic: string, partition: number) => ({
  topic,
  partition,
  name: topicPartition(topic, partition),
});

/** What earlier lives sent may be sent again, so of their failures nothing is certain any more. */
function beginLife(known: ProducerGhost, incarnation: number): void {
  known.incarnation = incarnation;
  known.outcomes = 0;
  known.playedBefore = known.played;
  known.failures = new AppendList();
}

function noteAcknowledged(known: ProducerGhost, row: number): void {
  if (!mark(known, row, ROW.acknowledged)) return;
  known.acknowledged += 1;
  if (hasMark(known, row, ROW.failed)) known.failed -= 1;
}

function noteFailure(known: ProducerGhost, outcome: SendOutcome): void {
  for (const row of outcome.rows)
    if (mark(known, row, ROW.failed) && !hasMark(known, row, ROW.acknowledged)) known.failed += 1;
  if (outcome.outcome === 'failed') known.failures.push(outcome);
}

function noteUnplaced(known: ProducerGhost, outcome: SendOutcome): void {
  for (const row of outcome.rows)
    if (mark(known, row, ROW.unplaced) && timesStanding(known, row) === 0) known.unseen += 1;
  known.unplaced.push(outcome);
}

function keep(partition: PartitionGhost, ack: Ack): void {
  partition.acks.push(ack);
  if (ack.baseOffset >= partition.committedEnd) partition.openAcks.set(ack.baseOffset, ack);
}
