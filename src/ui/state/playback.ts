export { SPEEDS, type Speed } from '../../workers/session.ts';
