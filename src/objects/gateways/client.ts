import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { isReader } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import type { GatewaySession } from "../../protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../protocols/gateway.ts";
import { gatewayAdapter } from "../../protocols/registry.ts";
import { ClientSocket } from "../clients/client-socket.ts";

/** All that such a socket must remember while its object sleeps: what it is attached. */
const Attachment = z.object({
  version: z.literal(1),
  gateway: z.string(),
  session: z.string(),
  state: z.custom<Json>(() => true),
  /** The channels it follows, and the place in each after which it gets what comes. */
  follows: z.record(z.string(), z.int()),
});
type Attachment = z.infer<typeof Attachment>;

/** A client that speaks one of the protocols we serve. */
export class GatewayClient extends ClientSocket<Attachment> {
  readonly adapter: GatewayAdapter;
  readonly session: GatewaySession;

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
    name: string,
    session: GatewaySession,
  ): GatewayClient {
    const about = { version: 1 as const, gateway: adapter.protocol, session: name };
    const kept = { ...about, state: session.snapshot(), follows: {} };
    const client = new GatewayClient(socket, kept, adapter, session);
    client.keep(kept);
    return client;
  }

  /** A socket that was there before its object slept; null if it is none of these. */
  static restore(socket: WebSocket, attachment: unknown): GatewayClient | null {
    const kept = Attachment.safeParse(attachment);
    if (!kept.success) return null;
    const adapter = gatewayAdapter(kept.data.gateway);
    const session = adapter?.restore(kept.data.state) ?? null;
    if (adapter === undefined || session === null) return null;
    return new GatewayClient(socket, kept.data, adapter, session);
  }

  /** Its name: random, and never used twice. */
  get name(): string {
    return this.kept.session;
  }

  get follows(): Readonly<Record<string, Seq>> {
    return this.kept.follows;
  }

  /** Its place in a channel; null if it does not follow it. "constructor" is a channel's id as well. */
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
    return state === this.kept.state || this.keep({ ...this.kept, state });
  }

  /** The first of its credentials that has run out. */
  isExpired(now: number): boolean {
    return this.session
      .principals()
      .some(({ expiresAt }) => expiresAt !== undefined && expiresAt <= now);
  }

  /** By a right of its own, whether or not the channel is public. */
  mayRead(channel: { readonly id: string; readonly number: number }): boolean {
    return this.session.principals().some((each) => isReader(each, channel));
  }

  goesBy(credentialId: string): boolean {
    return this.session.principals().some((each) => each.credentialId === credentialId);
  }
}
