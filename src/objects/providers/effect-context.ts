import type { ChannelInput } from "../../channel/channel.ts";
import type { LinkFailure } from "../../protocols/session.ts";
import { mayDial } from "./dial.ts";
import type { ProviderEffectContext } from "./effects.ts";
import type { LinkRecord } from "./link-state.ts";
import type { LinkHost, ProviderLink } from "./link.ts";
import type { ProviderSocket } from "./socket.ts";

/** A link, and what it does itself about an effect of one of its sockets. */
interface Parts {
  readonly link: ProviderLink;
  readonly host: LinkHost;
  readonly record: LinkRecord;
  readonly socket: ProviderSocket;
  readonly ready: () => void;
  readonly replace: (reason: string, handOver: string | null) => void;
  readonly fail: (failure: LinkFailure) => void;
  readonly renew: () => void;
}

/** Makes what performing an effect needs; `frame`: what caused it. */
export function makeEffectContext(
  { link, host, record, socket, ready, replace, fail, renew }: Parts,
  { at, bytes, frame }: { at: number; bytes: number; frame: string },
): ProviderEffectContext {
  const { row, adapter } = link;
  const reject = (problem: string): void => link.reject(problem, frame);
  // What comes over a hook may have been heard before, under another name and hours ago.
  const heard = adapter.hook === undefined ? host : host.hooks;
  return {
    socket,
    link: record.linkOf(socket.dialId),
    at,
    bytes,
    secrets: () => record.secrets,
    offer: (input: ChannelInput, size) =>
      heard.offer(input, size, (placed) => {
        if (!placed.ok) reject(placed.detail);
      }),
    sent: (input) => host.sent(input),
    claim: (key) => host.hooks.claim({ provider: row.id, protocol: adapter.protocol, key }),
    reject,
    ready,
    replace,
    fail,
    renew,
    takeTurn: () => host.turns.exchanges.take(row.id),
    mayAsk: (url) => row.url === null || mayDial(url, host.isPrivateAllowed),
  };
}
