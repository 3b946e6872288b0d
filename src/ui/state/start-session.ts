export { openSession as startSession } from '../../workers/simulation-client.ts';
