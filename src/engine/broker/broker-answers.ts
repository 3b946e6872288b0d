import type { ResponseMessage } from '../protocol/message.ts';
import { dropBrokerChannel, giveUpBrokerChannel, takeAnswer, type BrokerChannel } from './broker-channel.ts';
import type { Broker } from './broker-memory.ts';
import { takeLatestOffsets } from './latest-offsets.ts';
import { onShareAnswer } from './share-bridge.ts';
import { takeEnds } from './share-offsets.ts';
import { tellMarkers } from './transaction-bridge.ts';
import { onVerified } from './txn-verification.ts';

/** Another broker answers. */
export function onBrokerAnswer(broker: Broker, channel: BrokerChannel, message: ResponseMessage): void {
  if (!takeAnswer(broker, channel, message)) return;
  if (channel.purpose === 'share-state') onShareAnswer(broker, channel.brokerId, message);
  else if (message.api === 'ListOffsets')
    takeEnds(broker, takeLatestOffsets(broker, channel.brokerId, message.body));
  else if (message.api === 'WriteTxnMarkers') tellMarkers(broker, channel.brokerId, message.body);
  else if (message.api === 'AddPartitionsToTxn') onVerified(broker, channel.brokerId, message.body);
}

/** The connection to another broker is gone. */
export function onBrokerLost(broker: Broker, channel: BrokerChannel): void {
  if (!dropBrokerChannel(broker, channel)) return;
  if (channel.purpose === 'share-state') onShareAnswer(broker, channel.brokerId, undefined);
  else if (channel.purpose === 'markers') tellMarkers(broker, channel.brokerId, undefined);
  else if (channel.purpose === 'latest-offsets')
    takeEnds(broker, takeLatestOffsets(broker, channel.brokerId, undefined));
  else onVerified(broker, channel.brokerId, undefined);
}

/** Another broker has not answered in time. */
export function onBrokerSilent(broker: Broker, timer: string): void {
  const channel = giveUpBrokerChannel(broker, timer);
  if (channel !== undefined) onBrokerLost(broker, channel);
}
