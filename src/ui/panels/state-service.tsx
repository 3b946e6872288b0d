import type { ServiceFacts } from '../../engine/api/entities/group.ts';
import { count, plural, seconds } from '../view-model/number-format.ts';
import { Empty, Facts } from './facts.tsx';
import tables from './tables.module.css';

/** What a service outside of the cluster has done for a group, as the service itself counts. */
export function ServiceState({ service }: { readonly service: ServiceFacts }) {
  const { name, calls, effects, repeated, recent } = service;
  return (
    <>
      <Facts
        facts={[
          { name: `calls of ${name}`, value: count(calls) },
          { name: 'done', value: count(effects) },
          { name: 'not done again', value: count(calls - effects) },
          { name: 'done twice', value: repeated === 0 ? 'none' : plural(repeated, 'record') },
        ]}
      />
      {recent.length === 0 ? <Empty>Nobody has called {name} yet.</Empty> : <Effects service={service} />}
    </>
  );
}

const Effects = ({ service: { name, recent } }: { readonly service: ServiceFacts }) => (
  <table className={tables.table}>
    <caption className="visually-hidden">What {name} has done, newest first</caption>
    <thead>
      <tr>
        <th scope="col">at</th>
        <th scope="col">for</th>
        <th scope="col">key</th>
        <th scope="col">time</th>
      </tr>
    </thead>
    <tbody>
      {recent.map(({ at, partition, offset, idempotencyKey, times }) => (
        <tr key={`${partition} ${offset} ${times}`}>
          <td>{seconds(at / 1_000)}</td>
          <td>
            {partition} at {count(offset)}
          </td>
          <td>{idempotencyKey ?? 'none'}</td>
          <td className={times > 1 ? tables.bad : undefined}>{times}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
