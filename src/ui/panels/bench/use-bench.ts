import { useStore } from 'zustand';
import { useApp } from '../../state/binding.ts';
import { benchOf, type BenchState } from '../../state/bench.ts';

export const useBench = <T>(select: (state: BenchState) => T): T => useStore(benchOf(useApp()).store, select);
