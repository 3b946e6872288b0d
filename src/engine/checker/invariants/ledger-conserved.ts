import type { ApplicationView } from '../../api/views/application.ts';
import type { ApplicationBook } from '../application-book.ts';
import { atCuts, noteCompleted } from '../application-cuts.ts';
import type { Flow } from '../application-flow.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * Nothing comes from nowhere and nothing gets lost on the way: at every cut each record that an application has left
 * behind in its input is counted, and only those are.
 */
export const LEDGER_CONSERVED: Invariant = {
  id: 46,
  name: 'LedgerConserved',
  source: 'Kafka Streams, processing.guarantee=exactly_once_v2',
  onTransaction(scene, { after }) {
    if (noteCompleted(scene, after)) checkSums.call(this, scene);
  },
  atQuiescence: checkSums,
};

function checkSums(this: Invariant, scene: Scene): void {
  atCuts(scene, (application, flow, book) => {
    checkRepartition(this, scene, { application, flow, book });
    checkCounts(this, scene, { application, flow, book });
  });
}

interface Account {
  readonly application: ApplicationView;
  readonly flow: Flow;
  readonly book: ApplicationBook;
}

/** Whatever was taken from the source went on by its new key. */
function checkRepartition(invariant: Invariant, scene: Scene, { application, flow, book }: Account): void {
  if (flow.repartition === undefined) return;
  const [source] = flow.plan.inputs ?? [];
  let taken = 0;
  for (const [name, { records }] of book.passed)
    if (scene.ghost.partitions.get(name)?.topic === source) taken += records;
  if (taken === book.repartitioned) return;
  scene.report(invariant, {
    subject: `${application.id} ${flow.repartition}`,
    sentence: `${application.id} has taken ${taken} records of its input, and ${book.repartitioned} have gone on in ${flow.repartition}.`,
  });
}

/** Task by task: what it has left behind is counted, or came too late. */
function checkCounts(invariant: Invariant, scene: Scene, { application, flow, book }: Account): void {
  const late = scene.ghost.late.get(application.id)?.drops ?? 0;
  for (const [name, { windows }] of book.passed) {
    const partition = scene.ghost.partitions.get(name);
    if (partition?.topic !== flow.counted) continue;
    const changelog = `${flow.plan.changelog}-${partition.partition}`;
    const sum = book.sums.get(changelog) ?? 0;
    if (sum <= windows && sum >= windows - late) continue;
    scene.report(invariant, {
      subject: `${application.id} ${name}`,
      sentence: `${application.id} has left behind what counts ${windows} times in ${name}, and ${changelog} says ${sum}, where ${late} came too late.`,
      partition: name,
      offsets: [book.offsets.get(name) ?? -1],
    });
  }
}
