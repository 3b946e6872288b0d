import type {
  ApplicationEntity,
  GlobalTableFacts,
  TaskEntity,
} from '../../engine/api/entities/application.ts';
import type { GroupEntity } from '../../engine/api/entities/group.ts';
import type { ProducerEntity } from '../../engine/api/entities/producer.ts';
import { useApp, useReadableRun } from '../state/binding.ts';
import { brokerNode } from '../../engine/api/ids.ts';
import { clock, type Names } from '../view-model/caption.ts';
import { groupFigure } from '../view-model/group-figure.ts';
import { lagTable } from '../view-model/lag-table.ts';
import { memberTable } from '../view-model/member-table.ts';
import { byteCount, count, plural } from '../view-model/number-format.ts';
import { producerPhase } from '../view-model/transaction-table.ts';
import { windowTable } from '../view-model/window-table.ts';
import { Button } from '../widgets/button.tsx';
import { EntityLink } from './entity-link.tsx';
import { Facts, Readings, type Fact } from './facts.tsx';
import { FetchSessions } from './fetch-sessions.tsx';
import { GroupFigureTable } from './group-figure.tsx';
import { ServiceState } from './state-service.tsx';
import { ShareState } from './state-share-group.tsx';
import tables from './tables.module.css';
import { useNames } from './use-names.ts';

export function ProducerState({ producer }: { readonly producer: ProducerEntity }) {
  const gone = producer.bufferBytesMax === 0;
  const left = producer.tapeTotal - producer.sent;
  const figure = (value: number): string => (gone ? '–' : count(value));
  return (
    <>
      <Readings
        readings={[
          { value: figure(producer.buffered), name: 'buffered' },
          { value: figure(producer.inFlight), name: 'in flight' },
          { value: figure(producer.acknowledged), name: 'acknowledged' },
        ]}
      />
      <Facts
        facts={[
          ...transactionFacts(producer),
          { name: 'failed', value: figure(producer.failed) },
          { name: 'records a second', value: count(producer.recordsPerSecond) },
          { name: 'tape still to come', value: figure(left) },
          {
            name: 'buffer',
            value: gone
              ? 'gone with its memory'
              : `${byteCount(producer.bufferBytes)} of ${byteCount(producer.bufferBytesMax)}`,
          },
          {
            name: 'writes to',
            value: <EntityLink id={`topic:${producer.topic}`}>{producer.topic}</EntityLink>,
          },
          { name: 'machine', value: <EntityLink id={producer.node}>{producer.node}</EntityLink> },
        ]}
      />
    </>
  );
}

function transactionFacts({ transactions }: ProducerEntity): readonly Fact[] {
  if (transactions === undefined) return [];
  const { transactionalId, committed, aborted, rowsCommitted } = transactions;
  return [
    {
      name: 'transactional.id',
      value: <EntityLink id={`transaction:${transactionalId}`}>{transactionalId}</EntityLink>,
      machine: true,
    },
    { name: 'transaction', value: producerPhase(transactions) },
    { name: 'committed', value: `${plural(committed, 'transaction')}, ${plural(rowsCommitted, 'row')}` },
    { name: 'aborted', value: plural(aborted, 'transaction') },
  ];
}

export function ApplicationState({ application }: { readonly application: ApplicationEntity }) {
  const names = useNames();
  const windows = windowTable(application);
  const { actions, layout } = useApp();
  const openBench = () => {
    actions.select(null);
    layout.setState({ bench: application.id });
  };
  return (
    <>
      <Button icon="inspect" iconSize={18} onClick={openBench}>
        Topology and test driver
      </Button>
      <Readings
        readings={[
          { value: count(application.recordsPerSecond), name: 'records a second' },
          { value: count(application.processed), name: 'processed' },
          { value: count(application.droppedLate), name: 'late, dropped' },
        ]}
      />
      <Facts
        facts={[
          {
            name: 'instances',
            value: application.instances.map((id, index) => (
              <span key={id}>
                {index > 0 ? ', ' : ''}
                <EntityLink id={id}>{names.node(id)}</EntityLink>
              </span>
            )),
          },
          ...application.subtopologies.map(({ id, label }) => ({ name: `sub-topology ${id}`, value: label })),
          ...application.globalTables.map((table) => ({
            name: `table ${table.topic} on ${names.node(table.instance)}`,
            value: globalTableWords(table),
          })),
          ...(windows === null
            ? []
            : [
                { name: 'stream time', value: windows.streamTime },
                { name: 'open windows', value: count(windows.open) },
                { name: 'in grace', value: count(windows.inGrace) },
                { name: 'closed', value: count(windows.closed) },
                { name: 'rule', value: windows.rule },
              ]),
        ]}
      />
    </>
  );
}

const globalTableWords = ({ state, entries, remaining }: GlobalTableFacts): string =>
  state === 'reading'
    ? `${plural(entries, 'key')}, ${count(remaining)} still to read`
    : plural(entries, 'key');

export function TaskState({ task }: { readonly task: TaskEntity }) {
  const names = useNames();
  return (
    <>
      <Readings
        readings={[
          { value: count(task.recordsPerSecond), name: 'records a second' },
          { value: count(task.buffered), name: 'buffered' },
          { value: count(task.storeEntries), name: 'store entries' },
        ]}
      />
      <Facts
        facts={[
          { name: 'state', value: task.state },
          {
            name: 'runs on',
            value:
              task.instance === '' ? (
                'nobody'
              ) : (
                <EntityLink id={task.instance}>{names.node(task.instance)}</EntityLink>
              ),
          },
          { name: 'stream time', value: task.streamTime < 0 ? 'none yet' : clock(task.streamTime) },
          { name: 'late, dropped', value: count(task.droppedLate) },
          { name: 'still to restore', value: count(task.restoreRemaining) },
          ...task.copies.map(({ instance, behind }) => ({
            name: 'copy of its stores on',
            value: (
              <>
                <EntityLink id={instance}>{names.node(instance)}</EntityLink>, {plural(behind, 'record')}{' '}
                behind
              </>
            ),
          })),
          {
            name: 'reads',
            value: task.inputs.map((name) => (
              <EntityLink key={name} id={`partition:${name}`}>
                {name}
              </EntityLink>
            )),
          },
          {
            name: 'application',
            value: <EntityLink id={`application:${task.application}`}>{task.application}</EntityLink>,
          },
        ]}
      />
    </>
  );
}

export function GroupState({ group }: { readonly group: GroupEntity }) {
  const names = useNames();
  const table = lagTable(group, names);
  return (
    <>
      <Readings
        readings={[
          { value: table.total, name: group.share === undefined ? 'not read yet' : 'not acknowledged' },
          { value: table.oldest, name: 'oldest waits' },
          { value: table.rate, name: 'records a second' },
        ]}
      />
      {group.service === undefined ? null : <ServiceState service={group.service} />}
      <GroupFacts group={group} names={names} />
      <Figure group={group} names={names} />
      <MemberList group={group} names={names} />
      {group.share === undefined ? null : <ShareState partitions={group.share} names={names} />}
      <table className={tables.table}>
        <caption className="visually-hidden">Partitions that {group.name} reads</caption>
        <thead>
          <tr>
            <th scope="col">partition</th>
            <th scope="col">owner</th>
            <th scope="col">lag</th>
            <th scope="col">oldest</th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <EntityLink id={row.id}>{row.partition}</EntityLink>
              </th>
              <td>{row.owner}</td>
              <td className={row.behind ? tables.strong : undefined}>{row.lag}</td>
              <td>{row.age}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <FetchSessions group={group} names={names} />
    </>
  );
}

const epochFacts = ({
  assignmentEpoch,
  generation,
  protocol,
  share,
  topicsPattern,
}: GroupEntity): readonly Fact[] => [
  {
    name: 'protocol',
    value:
      share !== undefined
        ? 'share (KIP-932)'
        : assignmentEpoch === undefined
          ? 'classic'
          : 'consumer (KIP-848)',
  },
  ...(assignmentEpoch === undefined
    ? [{ name: 'generation', value: count(generation) }]
    : [
        { name: 'group epoch', value: count(generation) },
        { name: 'assignment epoch', value: count(assignmentEpoch) },
      ]),
  { name: 'assignor', value: protocol === '' ? 'none' : protocol },
  ...(topicsPattern === undefined
    ? []
    : [{ name: 'reads topics named', value: topicsPattern, machine: true }]),
];

function Figure({ group, names }: GroupFactsProps) {
  const entities = useReadableRun((state) => state.model.entities);
  const figure = groupFigure(group, entities, names);
  return figure === null ? null : <GroupFigureTable group={group.name} figure={figure} />;
}

/** Each member with what it has and what it is to have. */
function MemberList({ group, names }: GroupFactsProps) {
  if (group.members.length === 0) return null;
  const table = memberTable(group, names);
  return (
    <table className={tables.table}>
      <caption className={tables.heading}>Members</caption>
      <thead>
        <tr>
          <th scope="col">member</th>
          <th scope="col">{table.epochWord}</th>
          <th scope="col">{table.ownWord}</th>
          <th scope="col">next step</th>
        </tr>
      </thead>
      <tbody>
        {table.lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">
              <EntityLink id={line.node}>{line.name}</EntityLink>
            </th>
            <td className={line.behind ? tables.strong : undefined}>{line.epoch}</td>
            <td>{line.owned}</td>
            <td>{line.next}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface GroupFactsProps {
  readonly group: GroupEntity;
  readonly names: Names;
}

function GroupFacts({ group, names }: GroupFactsProps) {
  const known = useReadableRun((state) => state.model.entities);
  const coordinator = brokerNode(group.coordinator);
  return (
    <Facts
      facts={[
        { name: 'state', value: group.state },
        ...epochFacts(group),
        {
          name: 'coordinator',
          value: known.has(coordinator) ? (
            <>
              <EntityLink id={coordinator}>{names.node(coordinator)}</EntityLink>
              {group.coordinatorLoads === true ? ', which still reads its log' : ''}
            </>
          ) : (
            'none'
          ),
        },
        { name: 'members', value: count(group.members.length) },
      ]}
    />
  );
}
