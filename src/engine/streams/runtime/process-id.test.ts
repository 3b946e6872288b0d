import { expect, test } from 'vitest';
import { streamClientOf } from '../../api/client-names.ts';
import { prngStream } from '../../base/prng.ts';
import { emptyDisk } from '../../sim/disk.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { threadName } from './client-names.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import { processId, storedProcessId, transactionalIdOf } from './process-id.ts';

const life = (disk = emptyDisk(), seed = 1, instance = 2): string =>
  processId({ disk, prng: () => prngStream(seed, 'process-id') } as unknown as NodeContext, instance);

test('a process is the same over its lives on a disk, and the disk tells it while it is down', () => {
  const disk = emptyDisk();
  expect(storedProcessId(disk)).toBeUndefined();
  const first = life(disk);
  expect(life(disk, 2)).toBe(first);
  expect(storedProcessId(disk)).toBe(first);
  expect(life(emptyDisk(), 2)).not.toBe(first);
  expect(first).toMatch(/^00000002-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('from every name of its clients follows which thread of which machine it is', () => {
  const process = life();
  const name = threadName({ applicationId: 'my-views' } as StreamsInstanceConfig, process, 3);
  expect(name).toBe(`my-views-${process}-StreamThread-3`);
  const found = { node: 'my-views-2', thread: 3 };
  const member = `${name}-consumer-b68a4ed8-0b6e-4a3c-9d2f-1f2e3d4c5b6a`;
  for (const id of [name, `${name}-producer`, member, transactionalIdOf('my-views', process, 3)])
    expect(streamClientOf(id)).toEqual(found);
  expect(streamClientOf('dashboard-2')).toBeUndefined();
});
