import type { Knock } from "../protocols/gateway.ts";
import { boardAdapter, gatewayAdapter } from "../protocols/registry.ts";

/** A request that is for one of the protocols we serve. */
export interface Addressed {
  readonly protocol: string;
  readonly knock: Knock;
}

/** What of a request tells whom it is for. */
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
export function addressed(asked: Asked): Addressed | null {
  const { url, offered } = asked;
  const query = Object.fromEntries(url.searchParams);
  const knock = (path: string): Knock => ({ path, query, offered });
  const [, named, rest] = PREFIX.exec(url.pathname) ?? [];
  if (named !== undefined) {
    return gatewayAdapter(named) === undefined
      ? null
      : { protocol: named, knock: knock(rest ?? "/") };
  }
  const [label = "", ...others] = url.hostname.split(".");
  if (others.length > 0 && gatewayAdapter(label) !== undefined) {
    return { protocol: label, knock: knock(url.pathname) };
  }
  const protocol = byOwnPath(asked, query);
  return protocol === null ? null : { protocol, knock: knock(url.pathname) };
}

function byOwnPath(
  { url: { pathname }, method, isUpgrade, offered }: Asked,
  query: Record<string, string>,
): string | null {
  if (!isUpgrade && boardAdapter.isOwnPath(pathname)) return boardAdapter.protocol;
  if (!isUpgrade) {
    // OPTIONS: a page asks whether it may.
    return pathname === "/" && (method === "POST" || method === "OPTIONS") ? "dlive" : null;
  }
  if (pathname === "/") {
    if (Object.hasOwn(query, "client_id") || Object.hasOwn(query, "access_token"))
      return "interactive-sync";
    return offered.includes("graphql-ws") ? "dlive" : "astro";
  }
  if (pathname === "/ws") return "restream";
  return /^\/ws\/[^/]+\/?$/.test(pathname) ? "multistreamer" : null;
}
