import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { usesCredential, Scope, type Principal } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import type {
  GatewayEffect,
  GatewayInput,
  GatewaySession,
} from "../../protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../protocols/gateway.ts";
import { FRAMES, takeTurn } from "../../protocols/pace.ts";
import { findGatewayAdapter } from "../../protocols/registry.ts";
import { report } from "../../report.ts";
import { ClientSocket } from "../clients/client-socket.ts";
import { findFirstTime } from "../expiry.ts";

/** All that such a socket must remember while its object sleeps: what it is attached. */
const Attachment = z.object({
  version: z.literal(1),
  gateway: z.string(),
  session: z.string(),
  state: z.custom<Json>(() => true),
  /** The channels it follows, and the place in each after which it gets what comes. */
  follows: z.record(z.string(), z.int()),
  /** The party at the address it came from, and when it came. */
  from: z.string().default("unknown"),
  arrivedAt: z.number().default(0),
  /** It has shown a credential that held, or that it wants none. */
  isGreeted: z.boolean().default(true),
  /** The scope that it needs on each of them for as long as it is there. */
  needs: Scope.default("events:read"),
});
type Attachment = z.infer<typeof Attachment>;

/** A client that speaks one of the protocols we serve. */
export class GatewayClient extends ClientSocket<Attachment> {
  readonly adapter: GatewayAdapter;
  readonly session: GatewaySession;
  /** When a frame would come that keeps the pace exactly. A socket that sleeps has kept it. */
  #paceAt = 0;

  private constructor(
    socket: WebSocket,
    kept: Attachment,
    adapter: GatewayAdapter,
    session: GatewaySession,
  ) {
    super(socket, kept);
    this.adapter = adapter;
    this.session = session;
  }

  /** A socket that has just come. */
  static arrive(
    socket: WebSocket,
    adapter: GatewayAdapter,
    { name, needs, from, at }: { name: string; needs: Scope; from: string; at: number },
    session: GatewaySession,
  ): GatewayClient {
    const about = { version: 1 as const, gateway: adapter.protocol, session: name, needs };
    const isGreeted = session.principals().length > 0 || adapter.seat === "channel";
    const came = { from, arrivedAt: at, isGreeted };
    const kept = { ...about, ...came, state: session.snapshot(), follows: {} };
    const client = new GatewayClient(socket, kept, adapter, session);
    client.keep(kept);
    return client;
  }

  /** A socket that was there before its object slept; null if it is none of these. */
  static restore(socket: WebSocket, attachment: unknown): GatewayClient | null {
    const kept = Attachment.safeParse(attachment);
    if (!kept.success) return null;
    const adapter = findGatewayAdapter(kept.data.gateway);
    const session = adapter?.restore(kept.data.state) ?? null;
    if (adapter === undefined || session === null) return null;
    return new GatewayClient(socket, kept.data, adapter, session);
  }

  /** Its name: random, and never used twice. */
  get name(): string {
    return this.kept.session;
  }

  get from(): string {
    return this.kept.from;
  }

  get arrivedAt(): number {
    return this.kept.arrivedAt;
  }

  get isGreeted(): boolean {
    return this.kept.isGreeted;
  }

  /** It goes by no credential. */
  get isStranger(): boolean {
    return this.session.principals().every(({ kind }) => kind === "anonymous");
  }

  /** Notes that it has shown a credential, if it has by now. */
  greet(): boolean {
    if (!this.isGreeted && this.session.principals().length > 0) {
      this.keep({ ...this.kept, isGreeted: true });
    }
    return this.isGreeted;
  }

  /** Takes a frame on; false if there have been too many. */
  takesFrame(at: number): boolean {
    const paceAt = takeTurn(this.#paceAt, at, FRAMES);
    this.#paceAt = paceAt ?? this.#paceAt;
    return paceAt !== null;
  }

  get follows(): Readonly<Record<string, Seq>> {
    return this.kept.follows;
  }

  /**
   * Its place in a channel; null if it does not follow it. "constructor" is a channel's id as well.
   */
  placeIn(channel: string): Seq | null {
    return Object.hasOwn(this.follows, channel) ? (this.follows[channel] ?? null) : null;
  }

  follow(channel: string, after: Seq): void {
    this.keep({ ...this.kept, follows: { ...this.kept.follows, [channel]: after } });
  }

  unfollow(channel: string): void {
    const { [channel]: _gone, ...follows } = this.kept.follows;
    this.keep({ ...this.kept, follows });
  }

  /** Remembers where its session is; false if that is more than an attachment holds. */
  remember(): boolean {
    const state = this.session.snapshot();
    return (state === this.kept.state && this.isKept) || this.keep({ ...this.kept, state });
  }

  /**
   * Gives its session an input. What the session stumbles over is left out and reported: of
   * several events the others are still told.
   */
  handle(input: GatewayInput): readonly GatewayEffect[] {
    try {
      return this.session.handle(input);
    } catch (error) {
      const { protocol } = this.adapter;
      report("gateway's session failed", error, { protocol, input: input.type });
      if (input.type !== "events-observed" || input.events.length === 1) return [];
      return input.events.flatMap((event) => this.handle({ ...input, events: [event] }));
    }
  }

  override get expiresAt(): number | null {
    return findFirstTime(this.session.principals().map(({ expiresAt }) => expiresAt));
  }

  /** Does one of its credentials allow what its socket needs? */
  mayStay(may: (principal: Principal, scope: Scope) => boolean): boolean {
    return this.session.principals().some((each) => may(each, this.kept.needs));
  }

  goesBy(credentialId: string): boolean {
    return this.session.principals().some((each) => usesCredential(each, credentialId));
  }
}
