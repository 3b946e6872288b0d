// `npm run -s reach [-- SEEDS [FIRST]]`: runs seeds of the swarm and prints in how many of them each refusal, step of a
// transaction or group, cut of a log and other sight was met with. Ends with 1 if a seed breaks a promise; what has to be
// reached and was not is marked, for so few seeds may not be enough, and so is what only a test by hand reaches, with why.
import { BY_HAND } from '../src/engine/testing/swarm/by-hand.ts';
import { MUST_REACH } from '../src/engine/testing/swarm/must-reach.ts';
import { Sometimes } from '../src/engine/testing/swarm/sometimes.ts';
import { SwarmRun } from '../src/engine/testing/swarm/swarm-run.ts';

const [seeds = 200, first = 50_001] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(first)) {
  console.error('Usage: npm run -s reach [-- SEEDS [FIRST]]');
  process.exit(2);
}
const sometimes = new Sometimes();
for (let seed = first; seed < first + seeds; seed++) {
  const run = new SwarmRun(seed);
  for (const { invariant, sentence } of run.run()) {
    process.exitCode = 1;
    console.error(`seed ${seed} breaks ${invariant}: ${sentence}`);
  }
  sometimes.add(run);
}
const must = new Set(MUST_REACH);
const met = sometimes.counts();
for (const [name, runs] of Object.entries(met).sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${String(runs).padStart(6)} ${runs === 0 ? 'not reached' : must.has(name) ? 'must be' : ''}`.padEnd(19),
    name,
  );
for (const { name, why } of BY_HAND)
  if (met[name] === undefined) console.log('     0 by hand    ', `${name}: ${why}`);
