export { SPEEDS, type SessionStatus, type Speed } from '../../workers/session.ts';
