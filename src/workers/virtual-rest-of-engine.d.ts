/** Loading it brings the rest of the engine (build/rest-of-engine.ts). */
declare module 'virtual:rest-of-engine';
