import type {
  ConnectionFacts,
  DirectoryFacts,
  HandlerFacts,
  NodeEntity,
  ThrottleFacts,
} from '../../engine/api/entities/node.ts';
import type { ClusterEntity } from '../../engine/api/frame.ts';
import type { PartitionEntity, TopicEntity } from '../../engine/api/entities/partition.ts';
import { brokerNode } from '../../engine/api/ids.ts';
import { useReadableRun } from '../state/binding.ts';
import { brokerName } from '../view-model/caption.ts';
import { byteCount, count, moment, plural, seconds } from '../view-model/number-format.ts';
import { partitionNames } from '../view-model/member-table.ts';
import { metadataLagOf } from '../view-model/quorum-table.ts';
import { quotaLinesOf, quotasHolding } from '../view-model/quota-lines.ts';
import { partitionLine } from '../view-model/replica-table.ts';
import { threadLines } from '../view-model/thread-lines.ts';
import { EntityLink } from './entity-link.tsx';
import { Facts, Readings, type Fact, type Reading } from './facts.tsx';
import { ReplicaTable } from './replica-table.tsx';
import { PartitionTransactions } from './state-transaction.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

export function ClusterState({ cluster }: { readonly cluster: ClusterEntity }) {
  const { ledger } = cluster;
  return (
    <>
      <Readings
        readings={[
          { value: `${cluster.brokersUp} of ${cluster.brokers}`, name: 'brokers up' },
          { value: count(cluster.underReplicated), name: 'under-replicated' },
          { value: count(cluster.offline), name: 'offline' },
        ]}
      />
      <Facts
        facts={[
          { name: 'records asked', value: count(ledger.asked) },
          { name: 'acknowledged', value: count(ledger.acknowledged) },
          { name: 'lost', value: count(ledger.lost) },
          { name: 'duplicated', value: count(ledger.duplicated) },
          { name: 'seed', value: String(cluster.seed) },
        ]}
      />
    </>
  );
}

export function NodeState({ node }: { readonly node: NodeEntity }) {
  const at = useReadableRun((state) => state.model.at);
  return (
    <>
      <Readings readings={nodeReadings(node, at)} />
      <Facts facts={nodeFacts(node)} />
      <Quotas node={node} />
      {node.role === 'broker' || node.role === 'controller' ? <Quorum node={node} /> : null}
      {node.memberOf === undefined ? null : <Owner node={node} />}
    </>
  );
}

function nodeReadings(
  { status, stopping, since, incarnation, broker }: NodeEntity,
  at: number,
): readonly Reading[] {
  const state = { value: seconds((at - Math.max(0, since)) / 1000), name: stopping ? 'stopping' : status };
  if (broker === undefined)
    return [state, { value: count(incarnation), name: incarnation === 1 ? 'life' : 'lives' }];
  const { leads, replicas, fenced } = broker;
  const down = status === 'down';
  return [
    state,
    { value: count(leads), name: down && !fenced ? 'led by name, until fenced' : 'leads' },
    { value: count(replicas), name: down ? 'replicas on its disk' : 'replicas' },
  ];
}

function nodeFacts(node: NodeEntity): readonly Fact[] {
  const { broker, controller, incarnation, since, status } = node;
  const life: Fact[] = [{ name: `${status} since`, value: since <= 0 ? 'before the start' : moment(since) }];
  if (controller !== undefined)
    return [
      ...life,
      {
        name: 'in the quorum',
        value: `${controller.role}${controller.active ? ', the active controller' : ''}`,
      },
      { name: 'quorum epoch', value: count(controller.epoch) },
      { name: 'metadata log end', value: count(controller.logEnd) },
      { name: 'metadata committed up to', value: count(controller.committedOffset) },
    ];
  if (broker === undefined) return [...life, ...instanceFacts(node), ...transactionalFacts(node)];
  const down = status === 'down';
  return [
    ...life,
    { name: 'lives begun', value: count(incarnation) },
    {
      name: 'for the controller',
      value: broker.fenced ? 'FENCED' : down ? 'alive until its session ends' : 'unfenced',
    },
    { name: 'broker epoch', value: broker.brokerEpoch < 0 ? 'not registered' : count(broker.brokerEpoch) },
    {
      name: 'last heartbeat',
      value: broker.lastHeartbeatAt < 0 ? 'none yet' : moment(broker.lastHeartbeatAt),
    },
    { name: down ? 'on its disk' : 'stored', value: byteCount(broker.bytesStored) },
    ...(broker.connections === undefined ? [] : [connectionFact(broker.connections)]),
    ...(broker.handlers === undefined ? [] : [handlerFact(broker.handlers)]),
    ...quotaLinesOf(node),
    ...(broker.throttles ?? []).map(throttleFact),
    ...(broker.directories ?? []).map(directoryFact),
  ];
}

/** The client as a whole, and each of its stream threads. */
const instanceFacts = ({ instance }: NodeEntity): readonly Fact[] =>
  instance === undefined
    ? []
    : [
        { name: 'Kafka Streams client', value: instance.state },
        { name: 'process id', value: <span className="machine">{instance.processId}</span> },
        ...threadLines(instance).map(({ name, state, has }) => ({ name, value: state, below: has })),
      ];

/** One for each stream thread. */
const transactionalFacts = ({ transactionalIds = [] }: NodeEntity): readonly Fact[] =>
  transactionalIds.map((id) => ({
    name: 'transactional.id',
    value: <EntityLink id={`transaction:${id}`}>{id}</EntityLink>,
    machine: true,
  }));

/** How many of its threads work, and who waits for one. */
const handlerFact = ({ threads, busy, waiting }: HandlerFacts): Fact => ({
  name: 'request handlers',
  value: `${count(busy)} of ${count(threads)} busy${waiting > 0 ? `, ${count(waiting)} waiting` : ''}`,
});

/** Where the clients of a machine are held to a quota. */
function Quotas({ node }: { readonly node: NodeEntity }) {
  const entities = useReadableRun((state) => state.model.entities);
  const lines = quotasHolding(entities, node);
  return lines.length === 0 ? null : <Facts facts={lines} />;
}

/** How many are connected, and whom limits kept out. */
function connectionFact({ accepted, limited }: ConnectionFacts): Fact {
  const { waiting = 0, delayed = 0, refused = 0, throttled = 0 } = limited ?? {};
  const kept: readonly (readonly [number, string])[] = [
    [waiting, 'waiting'],
    [delayed, 'had to wait'],
    [refused, 'refused'],
    [throttled, 'throttled'],
  ];
  const told = kept.flatMap(([n, what]) => (n > 0 ? [`${count(n)} ${what}`] : []));
  return { name: 'connections', value: [count(accepted), ...told].join(', ') };
}

/** How much of its copying rate a broker uses (KIP-73). */
const throttleFact = ({ side, partitions, bytesPerSecond, limit }: ThrottleFacts): Fact => ({
  name: side === 'leader' ? 'throttled copying from it' : 'throttled copying to it',
  value: `${byteCount(bytesPerSecond)} of ${limit === null ? 'any number of bytes' : byteCount(limit)} a second, ${plural(partitions, 'partition')}`,
});

const DIRECTORY_STATES: Readonly<Record<DirectoryFacts['state'], string>> = {
  online: '',
  failed: 'failed, ',
  waiting: 'works again, used from the next start on, ',
};

/** A log directory, and what lies in it, by topic: there may be many. */
const directoryFact = ({ path, state, partitions, arriving }: DirectoryFacts): Fact => ({
  name: `in ${path}`,
  value: `${DIRECTORY_STATES[state]}${plural(partitions.length, 'replica')}`,
  below: [
    ...(partitions.length === 0 ? [] : [partitionNames(partitions)]),
    ...(arriving.length === 0 ? [] : [`being copied into it: ${partitionNames(arriving)}`]),
  ].join('; '),
});

/** Its part in the metadata log. */
function Quorum({ node }: { readonly node: NodeEntity }) {
  const entities = useReadableRun((state) => state.model.entities);
  const { broker, controller } = node;
  if (controller !== undefined)
    return (
      <Facts
        facts={[
          {
            name: 'it follows',
            value: controller.leader === '' ? 'nobody it knows of' : <Machines ids={[controller.leader]} />,
          },
          { name: 'voters', value: <Machines ids={controller.voters} /> },
        ]}
      />
    );
  if (broker?.metadataOffset === undefined) return null;
  const lag = metadataLagOf(entities, node);
  return (
    <Facts
      facts={[
        { name: 'metadata applied up to', value: count(broker.metadataOffset + 1) },
        { name: 'metadata lag', value: lag === 0 ? 'none' : plural(lag, 'record') },
      ]}
    />
  );
}

function Machines({ ids }: { readonly ids: readonly string[] }) {
  const names = useNames();
  return ids.map((id, i) => (
    <span key={id}>
      {i > 0 ? ', ' : ''}
      <EntityLink id={id}>{names.node(id)}</EntityLink>
    </span>
  ));
}

function Owner({ node }: { readonly node: NodeEntity }) {
  const name = node.memberOf ?? '';
  const id = `${node.role === 'application' ? 'application' : 'group'}:${name}`;
  return <Facts facts={[{ name: 'belongs to', value: <EntityLink id={id}>{name}</EntityLink> }]} />;
}

export function TopicState({ topic }: { readonly topic: TopicEntity }) {
  const entities = useReadableRun((state) => state.model.entities);
  const partitions = [...entities.values()].filter(
    (entity): entity is PartitionEntity => entity.kind === 'partition' && entity.topic === topic.name,
  );
  return (
    <>
      <Readings
        readings={[
          { value: count(topic.recordsPerSecond), name: 'records a second' },
          { value: count(topic.partitions), name: 'partitions' },
          { value: count(topic.replicationFactor), name: 'copies' },
        ]}
      />
      <Facts
        facts={[{ name: 'min.insync.replicas', value: count(topic.minInsyncReplicas), machine: true }]}
      />
      <table className={tables.table}>
        <caption className="visually-hidden">Partitions of {topic.name}</caption>
        <thead>
          <tr>
            <th scope="col">partition</th>
            <th scope="col">leader</th>
            <th scope="col">epoch</th>
            <th scope="col">in sync</th>
          </tr>
        </thead>
        <tbody>
          {partitions.map((partition) => {
            const line = partitionLine(partition);
            return (
              <tr key={line.id}>
                <th scope="row">
                  <EntityLink id={line.id}>{line.name}</EntityLink>
                </th>
                <td>{line.leader}</td>
                <td>{line.epoch}</td>
                <td className={line.whole ? undefined : tables.strong}>{line.isr}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

export function PartitionState({ partition }: { readonly partition: PartitionEntity }) {
  const leading = partition.states.find((state) => state.broker === partition.leader);
  const line = partitionLine(partition);
  const out = partition.replicas.filter((broker) => !partition.isr.includes(broker)).map(brokerName);
  return (
    <>
      <Readings
        readings={[
          { value: leading === undefined ? '–' : count(leading.highWatermark), name: 'high watermark' },
          { value: leading === undefined ? '–' : count(leading.logEnd), name: 'log end' },
          leading?.lastStable === undefined
            ? { value: count(partition.recordsPerSecond), name: 'records a second' }
            : { value: count(leading.lastStable), name: 'last stable offset' },
        ]}
      />
      <Facts
        facts={[
          {
            name: 'leader',
            value:
              partition.leader < 0 ? (
                'nobody'
              ) : (
                <>
                  <EntityLink id={brokerNode(partition.leader)}>{line.leader}</EntityLink>, epoch {line.epoch}
                </>
              ),
          },
          { name: 'in sync', value: line.isr },
          { name: 'not in sync', value: out.length === 0 ? 'none' : out.join(' ') },
          ...eligibility(partition),
          { name: 'partition epoch', value: count(partition.partitionEpoch) },
          {
            name: 'topic',
            value: <EntityLink id={`topic:${partition.topic}`}>{partition.topic}</EntityLink>,
          },
        ]}
      />
      <ReplicaTable line={line} />
      <PartitionTransactions partition={partition} />
    </>
  );
}

/** Who may lead without loss although it is not in sync (KIP-966). */
const eligibility = ({ elr = [], lastKnownElr = [] }: PartitionEntity): readonly Fact[] => [
  { name: 'eligible leaders (ELR)', value: elr.length === 0 ? 'none' : elr.map(brokerName).join(' ') },
  ...(lastKnownElr.length === 0
    ? []
    : [{ name: 'last known to be eligible', value: lastKnownElr.map(brokerName).join(' ') }]),
];
