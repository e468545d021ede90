import type { EventDraft, StreamEvent } from "../../../src/event/event.ts";
import { toEvent } from "../../../src/event/event.ts";
import type { ProviderId } from "../../../src/event/ids.ts";
import type { Principal } from "../../../src/event/principal.ts";
import { gateway } from "../../../src/protocols/dlive/index.ts";
import type {
  ChannelFacts,
  FollowRefusal,
  GatewayEffect,
  GatewayInput,
  GatewaySession,
} from "../../../src/protocols/gateway-session.ts";

export const AT = 1_732_400_000_000;

export const reader: Principal = {
  kind: "token",
  credentialId: "token:t-1",
  scopes: ["events:read"],
  channels: null,
};

/** The document's own first two frames, and what is subscribed to with them. */
export const INIT = {
  type: "connection_init",
  payload: { authorization: "YOUR_APP_ACCESS_TOKEN" },
};

export function start(streamer: string, id: unknown = "1", field = "streamMessageReceived") {
  const query = `subscription{${field}(streamer:${JSON.stringify(streamer)}){__typename}}`;
  return { id, type: "start", payload: { query } };
}

export function factsOf(channel: string): ChannelFacts {
  return {
    id: channel,
    number: 1,
    name: channel,
    head: 0,
    connections: [],
    stream: { live: null, since: null, viewers: null },
  };
}

/** A client's end of a session, with whoever answers what the session asks. */
export class Client {
  #session: GatewaySession;
  readonly #restores: boolean;
  /** Everything that was asked for, but for frames. */
  readonly asked: GatewayEffect[] = [];
  #frames: string[] = [];

  /** `restores`: the object is taken away, and comes back, after everything that happens. */
  constructor(restores = false) {
    this.#restores = restores;
    const opening = { at: AT, session: "s-1", about: null, principal: null, channel: null };
    const { session, effects } = gateway.open(opening);
    this.#session = session;
    this.#perform(effects);
  }

  handle(input: GatewayInput): readonly GatewayEffect[] {
    const effects = this.#session.handle(input);
    if (this.#restores) {
      const kept = JSON.parse(JSON.stringify(this.#session.snapshot())) as unknown;
      const session = gateway.restore(kept);
      if (session === null) throw new Error(`not restored: ${JSON.stringify(kept)}`);
      this.#session = session;
    }
    this.#perform(effects);
    return effects;
  }

  get principals(): readonly Principal[] {
    return this.#session.principals();
  }

  says(frame: unknown, at = AT): this {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.handle({ type: "frame-received", at, frame: text });
    return this;
  }

  /** The credential turns out to be somebody's, or nobody's. */
  isKnown(principal: Principal | null = reader, at = AT): this {
    this.handle({ type: "credential-checked", at, requestId: "init", principal });
    return this;
  }

  follows(channel: string, refusal: FollowRefusal | null = null): this {
    const answer =
      refusal === null
        ? ({ ok: true, value: factsOf(channel) } as const)
        : ({ ok: false, code: refusal, detail: "no" } as const);
    this.handle({ type: "follow-answered", at: AT, requestId: channel, answer });
    return this;
  }

  hears(channel: string, ...events: readonly StreamEvent[]): this {
    this.handle({ type: "events-observed", at: AT, channel, events });
    return this;
  }

  loses(channel: string): this {
    this.handle({ type: "channel-gone", at: AT, channel });
    return this;
  }

  beats(at = AT + 20_000): this {
    this.handle({ type: "heartbeat", at });
    return this;
  }

  /** What has been sent since it was last looked at, as text. */
  texts(): string[] {
    const texts = this.#frames;
    this.#frames = [];
    return texts;
  }

  frames(): Record<string, unknown>[] {
    return this.texts().map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  #perform(effects: readonly GatewayEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "frame-send") this.#frames.push(effect.frame);
      else this.asked.push(effect);
    }
  }
}

/** A client that has been greeted and hears of a channel's events. */
export function listening(channel: string, id: unknown = "1", field?: string): Client {
  const client = new Client().says({ type: "connection_init", payload: {} }).isKnown();
  client.says(start(channel, id, field)).follows(channel);
  client.texts();
  return client;
}

/** A draft as the event that it becomes. */
export function eventOf(draft: EventDraft, seq = 1, provider: ProviderId = "dlive"): StreamEvent {
  const place = {
    channel: "otterbrook",
    epoch: "k3f9w2ab7q",
    seq,
    recordedAt: AT + seq,
    provider,
  };
  return toEvent(draft, place);
}

/** The items that a frame tells of, whichever subscription it is for. */
export function itemsIn(frame: Record<string, unknown> | undefined): Record<string, unknown>[] {
  const { data } = (frame?.["payload"] ?? { data: {} }) as { data: Record<string, unknown> };
  return Object.values(data).flat() as Record<string, unknown>[];
}
