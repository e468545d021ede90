import { grant, refuse } from "../../../src/event/answer.ts";
import type { EventDraft } from "../../../src/event/event.ts";
import { ChannelId } from "../../../src/event/ids.ts";
import { findRights, type Principal, type Scope } from "../../../src/event/principal.ts";
import type { Json } from "../../../src/lib/json.ts";
import type {
  ChannelFacts,
  GatewayEffect,
  GatewayInput,
  GatewaySession,
} from "../../../src/protocols/gateway-session.ts";
import { numbered } from "../../support/samples.ts";
import { ATTACHMENT_MAX_BYTES, attachedBytes, isPlain } from "./attachment.ts";
import { AT } from "./drive.ts";
import type { SentFrame } from "./gateway-samples.ts";
import type { GatewaySuite, SocketSuite } from "./gateway-suites.ts";

const NUMBER = 7;

/** A channel that there is not. All others whose names are such are there. */
const NOWHERE = "nowhere";

type Effect<T extends GatewayEffect["type"]> = Extract<GatewayEffect, { type: T }>;
type Asking = Effect<
  "credential-check" | "channel-follow" | "channel-look" | "send-ask" | "event-post"
>;

const FOLLOW_REFUSALS = ["unauthorized", "forbidden", "channel_not_found", "unavailable"] as const;
const SEND_REFUSALS = ["not_writable", "invalid_input", "send_queue_full"] as const;

/**
 * One socket of a gateway and all that is around it, in the hands of a test: what its session asks
 * for is answered when the test says so, in any order, or never. Looks at each effect and at what is
 * remembered, and keeps what is wrong in `faults`.
 */
export class GatewayWorld {
  readonly #suite: SocketSuite;
  readonly #scopes: readonly Scope[];
  #session: GatewaySession;
  #seq = 0;
  at = AT;
  readonly faults: string[] = [];
  /** What has been asked for and not been answered. */
  pending: Asking[] = [];
  /** What sessions of the same channel are to be told. */
  notes: { readonly channel: string; readonly note: Json }[] = [];
  readonly follows = new Set<string>();
  sent: SentFrame[] = [];
  closed: number | null = null;
  /** It is put away and woken again before each input. */
  isForgetful = false;

  constructor(suite: SocketSuite, scopes: readonly Scope[] = [], brought?: Json) {
    this.#suite = suite;
    this.#scopes = [...new Set([suite.socket.needs, ...scopes])];
    const isSeated = suite.gateway.seat === "channel";
    if (isSeated) this.follows.add("demo");
    const { session, effects } = suite.gateway.open({
      at: this.at,
      session: "5e55-1",
      about: suite.socket.context,
      principal: isSeated ? this.principal : null,
      channel: isSeated ? this.facts("demo") : null,
      ...(brought !== undefined && { brought }),
    });
    this.#session = session;
    this.#perform(effects);
  }

  get principal(): Principal {
    const isSeated = this.#suite.gateway.seat === "channel";
    return {
      kind: "token",
      credentialId: "token:t-1",
      scopes: [...this.#scopes],
      channels: isSeated ? [{ id: "demo", number: NUMBER }] : null,
      subject: "u-1",
      name: "Ada",
    };
  }

  #mayRead({ principal, channel: id }: Effect<"channel-follow">): boolean {
    const channel = { id, number: NUMBER, public: false };
    return findRights(principal, channel, this.at).includes("events:read");
  }

  get snapshot(): Json {
    return this.#session.snapshot();
  }

  facts(id: string): ChannelFacts {
    const stream = { live: true, since: null, viewers: 3 };
    return { id, number: NUMBER, name: "Demo", head: this.#seq, connections: [], stream };
  }

  hand(input: GatewayInput): this {
    if (this.closed !== null) return this;
    if (this.isForgetful) this.sleep();
    try {
      this.#perform(this.#session.handle(input));
    } catch (error) {
      this.faults.push(`throws at ${input.type}: ${String(error)}`);
    }
    return this;
  }

  /** Hands a frame over: a text as it is, null for a binary one, and anything else as JSON. */
  say(frame: unknown): this {
    const text = typeof frame === "string" || frame === null ? frame : JSON.stringify(frame);
    return this.hand({ type: "frame-received", at: this.at, frame: text });
  }

  /** Lets something happen on a channel: told only where the channel is followed. */
  happen(
    drafts: readonly EventDraft[],
    channel = "demo",
    provider = this.#suite.gateway.protocol,
  ): this {
    const events = drafts.map((draft) => {
      this.#seq += 1;
      return numbered(draft, this.#seq, { channel, provider }).event;
    });
    if (!this.follows.has(channel)) return this;
    return this.hand({ type: "events-observed", at: this.at, channel, events });
  }

  /** Answers one of what is asked for; `no`: which refusal it is, 0 for what was asked for. */
  answer(which = 0, no = 0): this {
    const asking = this.pending[which % Math.max(this.pending.length, 1)];
    if (asking === undefined) return this;
    this.pending = this.pending.filter((each) => each !== asking);
    return this.#answer(asking, no);
  }

  /** Answers all that is asked for, and what follows from that. */
  settle(): this {
    while (this.closed === null && this.pending.length > 0) this.answer();
    return this;
  }

  /** Loses all that is asked for with the object that was to answer. */
  lose(): this {
    this.pending = [];
    this.notes = [];
    return this.sleep();
  }

  /** Puts the session away and makes it anew of what is remembered. */
  sleep(): this {
    const kept = JSON.parse(JSON.stringify(this.snapshot)) as unknown;
    const woken = this.#suite.gateway.restore(kept);
    if (woken === null) this.faults.push("is not told from what it remembers");
    else this.#session = woken;
    return this;
  }

  /** Passes on a note of this session, or one that another told before. */
  overhear(which: number): this {
    const note = this.notes[which % Math.max(this.notes.length, 1)];
    if (note === undefined || !this.follows.has(note.channel)) return this;
    return this.hand({ type: "peer-told", at: this.at, ...note });
  }

  #answer(asking: Asking, no: number): this {
    const { at } = this;
    switch (asking.type) {
      case "credential-check": {
        const isIt = asking.credential === this.#suite.samples.token && no === 0;
        const principal = isIt ? this.principal : null;
        return this.hand({
          type: "credential-checked",
          at,
          requestId: asking.requestId,
          principal,
        });
      }
      case "channel-follow": {
        const isThere = asking.channel !== NOWHERE && ChannelId.safeParse(asking.channel).success;
        const code = isThere ? FOLLOW_REFUSALS[no - 1] : "channel_not_found";
        if (code === undefined) this.follows.add(asking.channel);
        const answer = code === undefined ? grant(this.facts(asking.channel)) : refuse(code, "No.");
        return this.hand({ type: "follow-answered", at, requestId: asking.requestId, answer });
      }
      case "channel-look": {
        const channel = no === 4 ? null : this.facts(asking.channel);
        return this.hand({ type: "channel-looked", at, requestId: asking.requestId, channel });
      }
      case "send-ask": {
        const code = SEND_REFUSALS[no - 1];
        const answer =
          code === undefined ? grant({ sendId: "s-1", targets: [] }) : refuse(code, "No.");
        return this.hand({ type: "send-answered", at, requestId: asking.requestId, answer });
      }
      case "event-post": {
        this.happen([asking.draft], asking.channel);
        const answer = grant({ seq: this.#seq });
        const { requestId } = asking;
        return requestId === null
          ? this
          : this.hand({ type: "post-answered", at, requestId, answer });
      }
    }
  }

  #perform(effects: readonly GatewayEffect[]): void {
    this.#inspectMemory();
    for (const effect of effects) {
      if (this.closed !== null) this.faults.push(`${effect.type} after the close`);
      const fault = this.#faultOf(effect);
      if (fault !== null) this.faults.push(`${effect.type}: ${fault}`);
      this.#take(effect);
    }
  }

  #take(effect: GatewayEffect): void {
    switch (effect.type) {
      case "frame-send":
        this.sent.push(readSent(this.#suite, effect.frame));
        return;
      case "peers-tell":
        this.notes.push({ channel: effect.channel, note: effect.note });
        return;
      case "channel-unfollow":
        this.follows.delete(effect.channel);
        return;
      case "viewer-interface-join":
        return;
      case "socket-close":
        this.closed = effect.code;
        return;
      default:
        this.pending.push(effect);
    }
  }

  /** Why an effect is not allowed; null for one that is. */
  #faultOf(effect: GatewayEffect): string | null {
    const { gateway, socket, samples } = this.#suite;
    if (effect.type !== "credential-check" && JSON.stringify(effect).includes(samples.token)) {
      return "holds the credential";
    }
    const mayWrite = socket.writesWith !== null && this.#scopes.includes(socket.writesWith);
    switch (effect.type) {
      case "frame-send":
        return typeof readSent(this.#suite, effect.frame) === "object" ? null : "is no object";
      case "channel-follow": {
        const { credentialId, kind } = effect.principal;
        const isKnown = credentialId === this.principal.credentialId && kind === "token";
        const may = isKnown && this.#mayRead(effect);
        return may && gateway.seat === "hub" ? null : "by nobody who may";
      }
      case "channel-unfollow":
        return gateway.seat === "hub" ? null : "the channel it lives with";
      case "channel-look":
        return this.follows.has(effect.channel) ? null : "a channel that it does not follow";
      case "send-ask":
        if (effect.send.sender !== this.principal.credentialId) return "in another's name";
        return mayWrite && this.follows.has(effect.channel) ? null : "without the right";
      case "event-post":
        return mayWrite && this.follows.has(effect.channel) ? null : "without the right";
      case "peers-tell":
        if (gateway.overflows) return "its peers may be elsewhere";
        return this.follows.has(effect.channel) ? null : "a channel that it does not follow";
      case "viewer-interface-join":
        return gateway.seat === "channel" ? null : "where there is no viewerInterface";
      case "socket-close":
        return samples.closes.includes(effect.code) ? null : `code ${effect.code}`;
      case "credential-check":
        return null;
    }
  }

  #inspectMemory(): void {
    const { snapshot } = this;
    const text = JSON.stringify(snapshot);
    if (!isPlain(snapshot)) this.faults.push("memory is no plain JSON");
    if (text.includes(this.#suite.samples.token)) this.faults.push("memory holds the credential");
    const follows = Object.fromEntries([...this.follows].map((each) => [each, this.#seq]));
    const about = { version: 1, gateway: this.#suite.id, session: "5".repeat(36) };
    const size = attachedBytes({ ...about, state: snapshot, follows });
    if (size > ATTACHMENT_MAX_BYTES) this.faults.push("memory is more than an attachment holds");
  }
}

/** Takes a frame apart that a client is sent. */
export function readSent({ samples }: GatewaySuite, frame: string): SentFrame {
  return samples.readFrame?.(frame) ?? (JSON.parse(frame) as SentFrame);
}

/** A socket that is told what happens on `demo`, of somebody who may write where it writes. */
export function greeted(suite: SocketSuite): GatewayWorld {
  const { writesWith, greeting } = suite.socket;
  const world = new GatewayWorld(suite, writesWith === null ? [] : [writesWith]);
  for (const frame of greeting) world.say(frame).settle();
  return world;
}
