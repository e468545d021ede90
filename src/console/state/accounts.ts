/* Which accounts a linked provider tells of. Pure. */
import type { Connection } from "../../client/events.ts";
import type { Status } from "../api/types.ts";

interface Linked {
  readonly id: string;
  readonly protocol: string;
}

/**
 * Lists the connections of one provider: those that the status names as its own. One that has come
 * since the status was asked for is of the only provider of its protocol; of several it is shown
 * with none, until the next status says whose it is.
 */
export function listAccounts(
  { id, protocol }: Linked,
  status: Status | null,
  connections: readonly Connection[],
): Connection[] {
  const providers = status?.providers ?? [];
  const named = new Map(
    providers.flatMap((each) => each.connections.map((identifier) => [identifier, each.id])),
  );
  const isOnly = providers.every((each) => each.id === id || each.protocol !== protocol);
  return connections.filter(({ identifier }) => {
    const owner = named.get(identifier);
    return owner === undefined ? isOnly && identifier.startsWith(`${protocol}:`) : owner === id;
  });
}
