import { expect, test } from 'vitest';
import { prngStream } from '../../base/prng.ts';
import { emptyDisk } from '../../sim/disk.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { hasProcessId, processId, storedTransactionalId, transactionalIdOf } from './process-id.ts';

test('a process is the same over its lives on a disk, and the disk tells its transactional id while it is down', () => {
  const disk = emptyDisk();
  expect(hasProcessId(disk)).toBe(false);
  const life = (seed: number) =>
    processId({ disk, prng: () => prngStream(seed, 'process-id') } as unknown as NodeContext);
  const first = life(1);
  expect(life(2)).toBe(first);
  expect(hasProcessId(disk)).toBe(true);
  expect(storedTransactionalId('views', disk)).toBe(transactionalIdOf('views', first));
  expect(storedTransactionalId('views', disk)).toBe(`views-${first}-1`);
});
