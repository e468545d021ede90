import type { UpgradeRequest } from "../protocols/gateway.ts";
import { findOwner, findGatewayAdapter } from "../protocols/registry.ts";

/** A request that is for one of the protocols we serve. */
export interface Addressed {
  readonly protocol: string;
  readonly request: UpgradeRequest;
}

/** The parts of a request that tell which protocol it is for. */
export interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly isUpgrade: boolean;
  readonly offered: readonly string[];
}

const PREFIX = /^\/gateways\/([a-z0-9-]+)(\/.*)?$/;

/**
 * Which protocol a request is for: by its path, by the first label of its host, or, where nothing
 * else can be meant, by the protocol's own path on any host (CONTRACT 6). Null for none.
 */
export function resolveGateway({ url, method, isUpgrade, offered }: Asked): Addressed | null {
  const query = Object.fromEntries(url.searchParams);
  const toRequest = (path: string): UpgradeRequest => ({ path, query, offered });
  const [, named, rest] = PREFIX.exec(url.pathname) ?? [];
  if (named !== undefined) {
    return findGatewayAdapter(named) === undefined
      ? null
      : { protocol: named, request: toRequest(rest ?? "/") };
  }
  const [label = "", ...others] = url.hostname.split(".");
  if (others.length > 0 && findGatewayAdapter(label) !== undefined) {
    return { protocol: label, request: toRequest(url.pathname) };
  }
  const own = toRequest(url.pathname);
  const protocol = findOwner({ ...own, method, isUpgrade });
  return protocol === null ? null : { protocol, request: own };
}
