/** Runs calls to the session one after the other, and knows when none is left. */
export interface CallQueue {
  /** Does something after everything asked for before. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
  /** Like `run`, but of several asked for under one name while others run only the newest is done. */
  readonly latest: (name: string, call: () => Promise<void>) => void;
  /** Resolves when nothing is under way or waiting. */
  readonly idle: () => Promise<void>;
}

export function createCallQueue(onError: (error: unknown) => void): CallQueue {
  let tail: Promise<unknown> = Promise.resolve();
  const newest = new Map<string, () => Promise<void>>();
  const run = <T>(call: () => Promise<T>): Promise<T> => {
    const result = tail.then(call);
    tail = result.catch(onError);
    return result;
  };
  const latest = (name: string, call: () => Promise<void>) => {
    const waiting = newest.has(name);
    newest.set(name, call);
    if (waiting) return;
    run(() => {
      const chosen = newest.get(name);
      newest.delete(name);
      return chosen === undefined ? Promise.resolve() : chosen();
    }).catch(() => undefined); // `onError` has seen it
  };
  const idle = async () => {
    for (let seen: unknown; seen !== tail;) {
      seen = tail;
      await tail;
    }
  };
  return { run, latest, idle };
}
