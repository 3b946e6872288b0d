import type { ReaderView, ReportView, SentCommitView, SliceView } from '../api/views/client.ts';
import type { NodeId } from '../api/ids.ts';
import { AppendList } from '../base/append-list.ts';

export interface SyntheticReader extends ReaderView {
  readCommitted: boolean;
  incarnation: number;
  generation: number;
  given: number;
  inHand: SliceView[];
  reports: AppendList<ReportView>;
  working: SliceView[];
  commits: SentCommitView[];
}

export const syntheticReader = (node: NodeId): SyntheticReader => ({
  node,
  groupId: 'g',
  readCommitted: true,
  incarnation: 1,
  generation: 1,
  given: 0,
  rewinds: 0,
  inHand: [],
  reports: new AppendList(),
  working: [],
  commits: [],
});
