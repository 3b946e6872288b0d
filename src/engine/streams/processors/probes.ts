import { textOf } from '../serdes/text.ts';
import type { ProcessorContext, ProcessorSupplier, PunctuationType } from '../task/processor.ts';
import { recordOf, withValue } from '../task/stream-record.ts';
import type { Arguments } from './arguments.ts';

/** Tells of each record where it came from and which times the processor sees. */
export function probe(): ProcessorSupplier {
  return {
    create: (context) => ({
      process(record) {
        const { topic, partition, offset } = context.metadata() ?? {
          topic: 'null',
          partition: -1,
          offset: -1,
        };
        const times = `ts=${record.timestamp} streamTime=${context.streamTime()} wall=${context.wallClock()}`;
        context.forward(withValue(record, `topic=${topic} partition=${partition} offset=${offset} ${times}`));
      },
    }),
  };
}

/** Tells of each record and of each punctuation. `type` may name both clocks, with a comma. */
export function punctuateLog(args: Arguments): ProcessorSupplier {
  const interval = args.number('interval');
  const types = (args.optionalText('type') ?? 'streamTime').split(',') as PunctuationType[];
  return {
    create: (context) => ({
      start() {
        for (const type of types) context.schedule(type, type, interval);
      },
      process: ({ key, value, timestamp }) =>
        context.forward(recordOf('record', `${textOf(key)}=${textOf(value)}`, timestamp)),
      punctuate(type, now) {
        const text = `${type}@${now} streamTime=${context.streamTime()} wall=${context.wallClock()}`;
        context.forward(recordOf('punctuate', text, Math.max(0, now)));
      },
    }),
  };
}

/** Punctuates a number of times, then cancels its schedule. */
export function cancelAfter(args: Arguments): ProcessorSupplier {
  const interval = args.number('interval');
  const type = (args.optionalText('type') ?? 'streamTime') as PunctuationType;
  const times = args.number('times');
  return {
    create(context) {
      const state = context.state(context.name, () => ({ left: times }));
      return {
        start: () => context.schedule('tick', type, interval),
        process: () => undefined,
        punctuate(_schedule, now) {
          context.forward(recordOf('punctuate', `left=${state.left - 1}`, Math.max(0, now)));
          state.left--;
          if (state.left === 0) context.cancel('tick');
        },
      };
    },
  };
}

/** Holds records back and forwards them, with their own times, at each tick of the wall clock. */
export function forwardOnWallClock(args: Arguments): ProcessorSupplier {
  const interval = args.number('interval');
  return { create: (context) => holdBack(context, interval) };
}

interface Held {
  readonly records: Parameters<ProcessorContext['forward']>[0][];
}

function holdBack(context: ProcessorContext, interval: number): ReturnType<ProcessorSupplier['create']> {
  const held = context.state<Held>(context.name, () => ({ records: [] }));
  return {
    start: () => context.schedule('forward', 'wallClock', interval),
    process: (record) => void held.records.push(record),
    punctuate() {
      for (const record of held.records.splice(0)) context.forward(record);
    },
  };
}
