import fc from 'fast-check';
import process from 'node:process';

/** A build is judged by inputs that do not change from run to run; `FUZZ_SEED=N` looks at others. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) });
