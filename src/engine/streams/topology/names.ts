import { topologyError } from './internal-topology-builder.ts';

const LEGAL = /^[a-zA-Z0-9._-]+$/;
/** What a topic's name may have: names become part of topics. */
const LONGEST = 249;

/** Refuses names that could not be part of a topic's name (`Named.validate`). Throws a `StreamsError`. */
export function validateName(name: string | undefined): void {
  if (name === undefined) return;
  if (name === '') throw topologyError("Name is illegal, it can't be empty");
  if (name === '.' || name === '..') throw topologyError('Name cannot be "." or ".."');
  if (name.length > LONGEST)
    throw topologyError(`Name is illegal, it can't be longer than ${LONGEST} characters, name: ${name}`);
  if (!LEGAL.test(name))
    throw topologyError(
      `Name "${name}" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and '-'`,
    );
}
