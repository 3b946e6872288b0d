/** One measured figure. */
export interface BenchRow {
  readonly bench: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the budget asks for, in the same unit. */
  readonly target?: number;
  readonly note?: string;
}

/** What a person asked for beside the names of benchmarks. */
export interface BenchOptions {
  /** Folder of the JVM's benchmark, to run it beside ours. */
  readonly jvm: string | undefined;
}

export type Bench = (options: BenchOptions) => readonly BenchRow[] | Promise<readonly BenchRow[]>;

/** Wall-clock seconds that `work` takes. */
export function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1_000;
}

/** Seconds of CPU time that `work` takes, collection of garbage and compilation included: fair on a busy machine. */
export function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The value at this share of a list, 0.5 for the median. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((x, y) => x - y);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? Number.NaN;
}
