import { shareOffsetsError } from '../coordinator/share-group/share-offsets.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { callerOf } from './share-bridge.ts';
import { handleGroupApi } from './group-requests.ts';
import { respond, type Incoming } from './requests.ts';
import { groupsToDescribe, summariesOf } from './share-descriptions.ts';
import { servesShares } from './share-requests.ts';
import { waitForShares } from './share-offsets.ts';

/** AlterShareGroupOffsets and DeleteShareGroupOffsets: the group coordinator decides, share coordinators do it. */
export function handleShareOffsetsChange(
  broker: Broker,
  api: 'AlterShareGroupOffsets' | 'DeleteShareGroupOffsets',
  incoming: Incoming<typeof api>,
): void {
  const { token } = incoming;
  if (!servesShares(broker.memory)) {
    respond<typeof api>(broker, token, shareOffsetsError(ERROR_CODES.UNSUPPORTED_VERSION));
    return;
  }
  handleGroupApi(broker, api, incoming as never);
}

/** DescribeShareGroupOffsets (KIP-932, KIP-1226): share coordinators know where a group stands, leaders how far it is behind. */
export function handleDescribeShareGroupOffsets(
  broker: Broker,
  { token, body }: Incoming<'DescribeShareGroupOffsets'>,
): void {
  const groups = groupsToDescribe(broker, body);
  const calls = summariesOf(groups, token);
  waitForShares(broker, token, { api: 'DescribeShareGroupOffsets', groups }, calls.length);
  callerOf(broker)(calls);
}
