import { adminCall } from '../../client/admin/admin.ts';
import type { AdminCall } from '../../client/admin/admin-state.ts';
import type { ThreadContext } from './thread-context.ts';

/** A thread asks something of the process's one administrator, whose answer will be handed to it. Returns the call's token. */
export function threadCall({ process, index, ofProcess }: ThreadContext, call: AdminCall): number {
  const token = adminCall(process.admin, ofProcess, call);
  process.calls.set(token, index);
  return token;
}
