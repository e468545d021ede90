import { grant, refuse } from "../../../src/event/answer.ts";
import type { EventDraft } from "../../../src/event/event.ts";
import type { Principal } from "../../../src/event/principal.ts";
import type { Viewer, ViewerAnswer } from "../../../src/event/viewer.ts";
import type { Json } from "../../../src/lib/json.ts";
import type {
  GatewayEffect,
  GatewayInput,
  GatewaySession,
} from "../../../src/protocols/gateway-session.ts";
import {
  viewerInterface as adapter,
  gateway,
} from "../../../src/protocols/interactive-sync/index.ts";
import type {
  ViewerInterfaceEffect,
  ViewerInterfaceInput,
} from "../../../src/protocols/viewer-interface.ts";
import { numbered } from "../../support/samples.ts";
import { AT } from "../support/drive.ts";
import { quiet } from "../support/gateway.ts";

const principal: Principal = {
  kind: "token",
  credentialId: "token-1",
  scopes: ["interface:write", "interact:write"],
  channels: [{ id: "demo", number: 7 }],
};

/** A frame as a game's socket gets it. */
export interface Told {
  readonly status: string;
  readonly context: string;
  readonly message: string | null;
  readonly data: unknown;
}

/** A client's socket, with what it has been sent and not yet looked at. */
export class Client {
  readonly #room: Room;
  readonly name: string;
  readonly sent: unknown[] = [];
  session: GatewaySession;
  closed: { readonly code: number; readonly reason: string } | null = null;

  constructor(room: Room, name: string, session: GatewaySession) {
    this.#room = room;
    this.name = name;
    this.session = session;
  }

  /** Sends a frame after a while: a text as it is, null for a binary one, anything else as JSON. */
  says(frame: unknown, afterMs = 1200): this {
    this.#room.at += afterMs;
    const text = typeof frame === "string" || frame === null ? frame : JSON.stringify(frame);
    return this.hand({ type: "frame-received", at: this.#room.at, frame: text });
  }

  shows(data: unknown, afterMs?: number): this {
    return this.says({ context: "user_interface", data }, afterMs);
  }

  hand(input: GatewayInput): this {
    if (this.closed !== null) return this;
    if (this.#room.sleeps) {
      const kept: unknown = JSON.parse(JSON.stringify(this.session.snapshot()));
      const woken = gateway.restore(kept);
      if (woken === null) throw new Error("the session is not told from its snapshot");
      this.session = woken;
    }
    this.#room.perform(this, this.session.handle(input));
    return this;
  }

  /** What it was sent since it was last looked at. */
  hears<T = Told>(): T[] {
    return this.sent.splice(0) as T[];
  }

  leaves(): void {
    this.closed ??= { code: 1005, reason: "" };
    this.#room.left(this);
  }
}

/** A channel with its viewer interface, games and viewers, without a runtime: what is asked for is done at once. */
export class Room {
  /** Whether every session and the viewer interface are made anew from what is kept of them before each input. */
  readonly sleeps: boolean;
  readonly #clients: Client[] = [];
  readonly #blocks = new Map<string, number>();
  #kept: unknown = null;
  #session = adapter.open({ kept: null, blocks: new Map() });
  at = AT;
  /** Everything that was shown by connections, and everything that was posted. */
  readonly passed: Json[] = [];
  readonly drafts: EventDraft[] = [];
  /** Why nothing is taken on, if so. */
  refusal: string | null = null;

  constructor({ sleeps = false } = {}) {
    this.sleeps = sleeps;
  }

  get shown(): Json | null {
    return this.#session.shown;
  }

  get blocked(): number {
    return this.#blocks.size;
  }

  /** A game, after its handshake. */
  game(): Client {
    const client = this.#open(null);
    client.hears();
    return client;
  }

  greeted(): Client {
    return this.#open(null);
  }

  /** A page that wants pushes. */
  viewer(): Client {
    return this.#open("viewer");
  }

  /** A call of a viewer's page. */
  calls(
    method: string,
    path: string,
    body?: unknown,
    viewer: Partial<Viewer> = {},
  ): { status: number; body: unknown } {
    const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
    const call = { method, path, body: text };
    const who = { id: "v-1", name: null, platform: "api", ...viewer };
    const known = adapter.answer(call);
    const answer = known ?? this.#handle({ type: "viewer-called", at: this.at, call, viewer: who });
    if (answer === null) throw new Error("not answered");
    const isJson = answer.type.startsWith("application/json");
    return { status: answer.status, body: isJson ? JSON.parse(answer.body) : answer.body };
  }

  /** The object is gone and back, without some of its sockets. */
  restarts(lost: readonly Client[] = []): void {
    for (const client of lost) client.closed = { code: 1006, reason: "" };
    const open = this.#clients.filter(({ closed }) => closed === null);
    this.#session = adapter.open({ kept: this.#kept, blocks: this.#blocks });
    this.#handle({ type: "object-restarted", at: this.at, sockets: open.map(({ name }) => name) });
  }

  /** Tells of drafts as events of the channel. */
  happens(drafts: readonly EventDraft[], provider: "api" | "interactive-sync" | "astro"): void {
    const events = drafts.map((draft, i) => numbered(draft, i + 1, { provider }).event);
    for (const client of this.#clients) {
      client.hand({ type: "events-observed", at: this.at, channel: "demo", events });
    }
  }

  left(client: Client): void {
    this.#handle({ type: "socket-left", at: this.at, socket: client.name });
  }

  perform(client: Client, effects: readonly GatewayEffect[]): void {
    for (const effect of effects) if (client.closed === null) this.#perform(client, effect);
  }

  #open(about: string | null): Client {
    const name = `s-${this.#clients.length}`;
    const channel = { ...quiet, interface: this.#session.shown };
    const { session, effects } = gateway.open({
      at: this.at,
      session: name,
      about,
      principal,
      channel,
    });
    const client = new Client(this, name, session);
    this.#clients.push(client);
    this.perform(client, effects);
    return client;
  }

  #perform(client: Client, effect: GatewayEffect): void {
    const { at } = this;
    switch (effect.type) {
      case "frame-send":
        client.sent.push(JSON.parse(effect.frame));
        return;
      case "channel-look": {
        const channel = { ...quiet, interface: this.#session.shown };
        client.hand({ type: "channel-looked", at, requestId: effect.requestId, channel });
        return;
      }
      case "send-ask": {
        const { requestId, send } = effect;
        if (send.content.kind !== "ui") throw new Error("a game sends nothing else");
        const flaw = adapter.flawOf(send.content.interface);
        if (flaw !== null) throw new Error(`a game sends nothing that is ${flaw.reason}`);
        const answer =
          this.refusal === null
            ? grant({ sendId: "send-1", targets: [] })
            : refuse("send_queue_full" as const, this.refusal);
        if (answer.ok) {
          this.passed.push(send.content.interface);
          this.#handle({ type: "interface-given", at, interface: send.content.interface });
        }
        client.hand({ type: "send-answered", at, requestId, answer });
        return;
      }
      case "viewer-interface-join":
        this.#handle({ type: "socket-joined", at, socket: client.name });
        return;
      case "socket-close":
        client.closed = { code: effect.code, reason: effect.reason };
        this.left(client);
        return;
      default:
        throw new Error(`a game's session does not ask for ${effect.type}`);
    }
  }

  #handle(input: ViewerInterfaceInput): ViewerAnswer | null {
    if (this.sleeps) {
      const kept: unknown = JSON.parse(JSON.stringify(this.#kept));
      this.#session = adapter.open({ kept, blocks: this.#blocks });
    }
    let answer: ViewerAnswer | null = null;
    for (const effect of this.#session.handle(input)) answer = this.#do(effect) ?? answer;
    return answer;
  }

  #do(effect: ViewerInterfaceEffect): ViewerAnswer | null {
    switch (effect.type) {
      case "interface-keep":
        this.#kept = effect.kept;
        return null;
      case "block-keep":
        this.#blocks.set(effect.name, effect.until);
        return null;
      case "blocks-forget":
        for (const [name, until] of this.#blocks) {
          if (until <= effect.upTo) this.#blocks.delete(name);
        }
        return null;
      case "sockets-tell":
        for (const client of this.#clients) {
          client.hand({ type: "peer-told", at: this.at, channel: "demo", note: effect.note });
        }
        return null;
      case "interface-pass":
        this.passed.push(effect.interface);
        return null;
      case "event-post":
        this.drafts.push(effect.draft);
        this.happens([effect.draft], "interactive-sync");
        return null;
      case "call-answer":
        return effect.answer;
    }
  }
}
