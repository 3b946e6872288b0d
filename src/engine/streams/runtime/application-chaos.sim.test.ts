import { expect, test } from 'vitest';
import { prngStream } from '../../base/prng.ts';
import { INSTANCES, suffer, taskStates } from '../../testing/application-misfortunes.ts';
import { clicks, clickstreamLab, foldOfClicks, outputCounts } from '../../testing/clickstream-lab.ts';

const RECORDS = 2_500;

test.each([1, 2, 3, 4])(
  'whatever dies, every click is counted at least once and all tasks run in the end: seed %i',
  (seed) => {
    const cluster = clickstreamLab(seed, {
      'session.timeout.ms': '6000',
      'num.standby.replicas': String(seed % 2),
    });
    cluster.addTape('p1', 'clicks', clicks(RECORDS), { kind: 'rate', perSecond: 125 });
    suffer(cluster, prngStream(seed, 'misfortunes'));
    for (const node of INSTANCES) expect(taskStates(cluster, node)).toEqual(Array(6).fill('running'));
    const counted = outputCounts(cluster);
    const missing = [...foldOfClicks(RECORDS)].filter(([key, count]) => (counted.get(key) ?? 0) < count);
    expect(missing).toEqual([]);
  },
);
