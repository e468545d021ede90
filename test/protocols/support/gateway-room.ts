import { grant, refuse } from "../../../src/event/answer.ts";
import { toEvent, type EventDraft, type StreamEvent } from "../../../src/event/event.ts";
import type { Principal } from "../../../src/event/principal.ts";
import type { SendAsk } from "../../../src/event/sending.ts";
import type { Connection } from "../../../src/event/shapes.ts";
import type { Json } from "../../../src/lib/json.ts";
import type {
  ChannelFacts,
  GatewayEffect,
  GatewayInput,
  GatewaySession,
} from "../../../src/protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../../src/protocols/gateway.ts";

/** The time at which everything in a room happens, unless a test lets it pass. */
export const AT = 1_763_700_000_000;

export const everything: Principal = {
  kind: "token",
  credentialId: "c-1",
  scopes: ["events:read", "chat:write"],
  channels: [{ id: "demo", number: 21 }],
  subject: "u-1",
  name: "john",
};

export const reader: Principal = { ...everything, scopes: ["events:read"] };

/** A connection with nothing special about it. */
export function linked(identifier: string, given: Partial<Connection> = {}): Connection {
  const [protocol = ""] = identifier.split(":");
  return {
    identifier,
    uuid: `uuid of ${identifier}`,
    platform: protocol,
    status: "connected",
    reason: null,
    target: null,
    writable: true,
    ready: true,
    live: null,
    ...given,
  };
}

/** Where something happens, and who tells of it. */
interface Place {
  readonly channel?: string;
  readonly provider?: StreamEvent["provider"];
}

/** A client, as its session sees it, with what it has been sent. */
export class Client {
  readonly #room: Room;
  readonly sent: unknown[] = [];
  session: GatewaySession;
  closed: { readonly code: number; readonly reason: string } | null = null;
  /** Asks for a session that is made anew of its snapshot before each input, as after a sleep. */
  sleeps = false;

  constructor(room: Room, session: GatewaySession) {
    this.#room = room;
    this.session = session;
  }

  /** Sends a frame: a text as it is, null for a binary one, and anything else as JSON. */
  says(frame: unknown): this {
    const text = typeof frame === "string" || frame === null ? frame : JSON.stringify(frame);
    return this.hand({ type: "frame-received", at: this.#room.at, frame: text });
  }

  hand(input: GatewayInput): this {
    if (this.closed !== null) return this;
    if (this.sleeps) this.session = this.#room.awoken(this.session);
    this.#room.perform(this, this.session.handle(input));
    return this;
  }

  /** What it has been sent since it was last looked at. */
  hears<T = Record<string, unknown>>(): T[] {
    return this.sent.splice(0) as T[];
  }

  /** The one frame that it has been sent since. */
  hearsOne(): Record<string, unknown> {
    const [frame, ...more] = this.hears();
    if (frame === undefined || more.length > 0) throw new Error("not one frame");
    return frame;
  }
}

/**
 * One or several channels with clients of one gateway, without a runtime: what sessions ask for is
 * done at once, in order.
 */
export class Room {
  readonly adapter: GatewayAdapter;
  readonly #read: (frame: string) => unknown;
  readonly channels = new Map<string, ChannelFacts>();
  readonly credentials = new Map<string, Principal>();
  readonly clients: Client[] = [];
  readonly follows = new Map<Client, Map<string, number>>();
  readonly sends: SendAsk[] = [];
  readonly log: StreamEvent[] = [];
  at = AT;
  #session = 0;

  constructor(
    adapter: GatewayAdapter,
    channels: readonly ChannelFacts[] = [facts()],
    read: (frame: string) => unknown = JSON.parse,
  ) {
    this.adapter = adapter;
    this.#read = read;
    for (const channel of channels) this.channels.set(channel.id, channel);
  }

  change(id: string, change: Partial<ChannelFacts>): void {
    this.channels.set(id, { ...this.facts(id), ...change });
  }

  /** A client of one channel, or of none yet. */
  join(
    principal: Principal | null,
    channel: string | null = "demo",
    brought?: Json | null,
  ): Client {
    this.#session += 1;
    const { session, effects } = this.adapter.open({
      at: this.at,
      session: `s-${this.#session}`,
      about: null,
      principal,
      channel: channel === null ? null : this.facts(channel),
      ...(brought !== undefined && { brought }),
    });
    const client = new Client(this, session);
    this.clients.push(client);
    this.follows.set(client, new Map(channel === null ? [] : [[channel, 0]]));
    this.perform(client, effects);
    return client;
  }

  /** Tells of drafts as events of a channel, in one group. */
  happens(
    drafts: readonly EventDraft[],
    { channel = "demo", provider = "api" }: Place = {},
  ): StreamEvent[] {
    const events = drafts.map((draft) => this.#number(draft, channel, provider));
    for (const client of this.clients) {
      if (this.follows.get(client)?.has(channel) !== true) continue;
      client.hand({ type: "events-observed", at: this.at, channel, events });
    }
    return events;
  }

  awoken(session: GatewaySession): GatewaySession {
    const kept = JSON.parse(JSON.stringify(session.snapshot())) as unknown;
    const restored = this.adapter.restore(kept);
    if (restored === null) throw new Error("not restored");
    return restored;
  }

  perform(client: Client, effects: readonly GatewayEffect[]): void {
    for (const effect of effects) if (client.closed === null) this.#perform(client, effect);
  }

  facts(id: string): ChannelFacts {
    const channel = this.channels.get(id);
    if (channel === undefined) throw new Error(`no channel ${id}`);
    return { ...channel, head: this.log.length };
  }

  #perform(client: Client, effect: GatewayEffect): void {
    const { at } = this;
    switch (effect.type) {
      case "frame-send":
        client.sent.push(this.#read(effect.frame));
        return;
      case "credential-check": {
        const { requestId, credential } = effect;
        const principal = this.credentials.get(credential ?? "") ?? null;
        client.hand({ type: "credential-checked", at, requestId, principal });
        return;
      }
      case "channel-follow": {
        const { requestId, channel } = effect;
        const answer = this.channels.has(channel)
          ? grant(this.facts(channel))
          : refuse("channel_not_found" as const, "No such channel.");
        if (answer.ok) this.follows.get(client)?.set(channel, this.log.length);
        client.hand({ type: "follow-answered", at, requestId, answer });
        return;
      }
      case "channel-unfollow":
        this.follows.get(client)?.delete(effect.channel);
        return;
      case "channel-look": {
        const { requestId, channel } = effect;
        client.hand({ type: "channel-looked", at, requestId, channel: this.facts(channel) });
        return;
      }
      case "send-ask": {
        this.sends.push(effect.send);
        const answer = grant({ sendId: `send-${this.sends.length}`, targets: [] });
        client.hand({ type: "send-answered", at, requestId: effect.requestId, answer });
        return;
      }
      case "event-post": {
        const { requestId, channel, draft } = effect;
        this.happens([draft], { channel, provider: this.adapter.protocol });
        const answer = grant({ seq: this.log.length });
        if (requestId !== null) client.hand({ type: "post-answered", at, requestId, answer });
        return;
      }
      case "peers-tell": {
        const { channel, note } = effect;
        for (const peer of this.clients) {
          if (this.follows.get(peer)?.has(channel) !== true) continue;
          peer.hand({ type: "peer-told", at, channel, note });
        }
        return;
      }
      case "viewer-interface-join":
        throw new Error("what is shown on a channel is not played here");
      case "socket-close":
        client.closed = { code: effect.code, reason: effect.reason };
        this.follows.delete(client);
    }
  }

  #number(draft: EventDraft, channel: string, provider: StreamEvent["provider"]): StreamEvent {
    const seq = this.log.length + 1;
    const place = { channel, epoch: "k3f9w2ab7q", seq, recordedAt: this.at, provider };
    const event = toEvent(draft, place);
    this.log.push(event);
    return event;
  }
}

export function facts(given: Partial<ChannelFacts> = {}): ChannelFacts {
  return {
    id: "demo",
    number: 21,
    name: "Demo",
    head: 0,
    connections: [],
    stream: { live: null, since: null, viewers: null },
    ...given,
  };
}
