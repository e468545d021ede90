import type { StreamEvent } from "../../../src/event/event.ts";
import type { Principal } from "../../../src/event/principal.ts";
import type {
  ChannelFacts,
  GatewayEffect,
  GatewayInput,
  Opening,
} from "../../../src/protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../../src/protocols/gateway.ts";
import { AT } from "./drive.ts";

/** Somebody who may read and write one channel. */
export const reader: Principal = {
  kind: "token",
  credentialId: "token-1",
  scopes: ["events:read", "chat:write"],
  channels: [{ id: "demo", number: 7 }],
};

/** A channel with nothing linked to it. */
export const quiet: ChannelFacts = {
  id: "demo",
  number: 7,
  name: "Demo",
  head: 0,
  connections: [],
  stream: { live: null, since: null, viewers: null },
};

/** A gateway's session in the hands of a test. */
export interface Served {
  /** What came of the socket's opening. */
  readonly opened: readonly GatewayEffect[];
  receives(frame: string | object | null): readonly GatewayEffect[];
  observes(...events: readonly StreamEvent[]): readonly GatewayEffect[];
  hears(input: GatewayInput): readonly GatewayEffect[];
  snapshot(): unknown;
}

/**
 * A session of a gateway. `isForgetful`: before each input it is put away and woken again, as a
 * socket whose object sleeps between any two.
 */
export function serve(
  adapter: GatewayAdapter,
  opening: Partial<Opening> = {},
  { isForgetful = false } = {},
): Served {
  const about = { at: AT, session: "s-1", about: null, principal: reader, channel: quiet };
  const { session: first, effects: opened } = adapter.open({ ...about, ...opening });
  let session = first;
  const hears = (input: GatewayInput): readonly GatewayEffect[] => {
    if (isForgetful) {
      const woken = adapter.restore(structuredClone(session.snapshot()));
      if (woken === null) throw new Error("the session is not told from its snapshot");
      session = woken;
    }
    return session.handle(input);
  };
  const channel = (opening.channel ?? quiet).id;
  return {
    opened,
    hears,
    receives(frame) {
      const text = typeof frame === "string" || frame === null ? frame : JSON.stringify(frame);
      return hears({ type: "frame-received", at: AT, frame: text });
    },
    observes: (...events) => hears({ type: "events-observed", at: AT, channel, events }),
    snapshot: () => session.snapshot(),
  };
}

/** The frames that are sent, as the protocol has them. */
export function framesOf<T = Record<string, unknown>>(effects: readonly GatewayEffect[]): T[] {
  return effects.flatMap((effect) =>
    effect.type === "frame-send" ? [JSON.parse(effect.frame) as T] : [],
  );
}
