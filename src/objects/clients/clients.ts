import type { Group } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { formatPosition } from "../../event/position.ts";
import { usesCredential } from "../../event/principal.ts";
import type { Connection } from "../../event/shapes.ts";
import { onFrame } from "../../protocols/tributary/session.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { report } from "../../report.ts";
import { ClientRegistry } from "./client-registry.ts";
import { Client, type ClientSpec } from "./client.ts";
import { performCommand, type CommandContext } from "./commands.ts";
import type { EncodedGroup } from "./encoded-group.ts";
import type { ClientHost, Start } from "./host.ts";
import { Replays } from "./replays.ts";
import { SubscriberGroups } from "./subscriber-groups.ts";
import { findUnsent, type UnsentBytes } from "./unsent.ts";

/** A new client's first news: the connections as they were at a place of the log. */
export interface Welcome {
  readonly head: Seq;
  readonly connections: readonly Connection[];
}

/**
 * Serves the clients of one channel that speak our own protocol, in the channel's object or in a
 * hub: hibernatable sockets, and nothing else that lasts.
 */
export class ClientSockets {
  readonly #host: ClientHost;
  readonly #replays: Replays;
  readonly #audiences: SubscriberGroups;
  readonly #clients = new ClientRegistry(({ dialectId }: Client) => dialectId);
  readonly #context: CommandContext;
  readonly #unsent: UnsentBytes;
  #delivered = 0;
  #shed = 0;

  constructor(host: ClientHost) {
    this.#host = host;
    this.#unsent = findUnsent(host.ctx);
    this.#audiences = new SubscriberGroups(host.channel.epoch, (client, encoded) =>
      this.#deliver(client, encoded),
    );
    this.#replays = new Replays({
      channel: host.channel,
      reader: host.reader,
      unsent: this.#unsent,
      head: () => host.head(),
      mayGoOn: (client) => this.#stays(client),
      live: (client) => this.#audiences.seat(client, host.head()),
    });
    this.#context = {
      host,
      isHere: (client) => this.#clients.has(client),
      position: (seq) => this.#position(seq),
      pause: (client) => {
        this.#replays.stop(client);
        this.#audiences.unseat(client);
      },
      begin: (client, start) => this.#begin(client, start),
      part: (client, code, reason) => this.#part(client, code, reason),
    };
  }

  get count(): number {
    return this.#clients.count;
  }

  /** In the order in which they came. */
  all(): Iterable<Client> {
    return this.#clients.all();
  }

  /** The last ones that came: a group is sent to them last. */
  get newest(): readonly Client[] {
    return this.#clients.newest;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get shed(): number {
    return this.#shed;
  }

  get byDialect(): Record<string, number> {
    return Object.fromEntries(this.#clients.kinds);
  }

  /** Takes on a new client, and answers its end of the socket. */
  accept(
    spec: Omit<ClientSpec, "session" | "at">,
    start: Start,
    { head, connections }: Welcome,
  ): WebSocket {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    // The tag tells a hub whose it is.
    this.#host.ctx.acceptWebSocket(ours, [this.#host.channel.id]);
    // Until it is known where it begins, it begins where the log is now.
    const at = Math.min(head, this.#host.head());
    const client = Client.arrive(ours, { ...spec, session: crypto.randomUUID(), at });
    this.#clients.add(client);
    this.#host.populationChanged();
    const { session } = client;
    const { id: channel } = this.#host.channel;
    const about = { session, channel, position: this.#position(at), now: Date.now() };
    client.send(client.dialect.welcome({ ...about, connections }));
    this.#host.ctx.waitUntil(this.#begin(client, start));
    return theirs;
  }

  /** Sends a group to everyone who is live and wants some of it. */
  publish(group: Group): void {
    this.#audiences.publish(group, Date.now());
  }

  /** False if it is none of these sockets. */
  onMessage(socket: WebSocket, frame: string | ArrayBuffer): boolean {
    const client = this.#clients.of(socket);
    if (client === undefined) return false;
    if (!this.#stays(client)) return true;
    const at = Date.now();
    const { takesCommands } = client.dialect;
    const text = typeof frame === "string" ? frame : null;
    const scopes = this.#host.authority.rights(client.principal);
    const { state, effects } = onFrame(client.commands, text, { takesCommands, scopes, at });
    client.commands = state;
    for (const effect of effects) performCommand(this.#context, client, effect);
    return true;
  }

  /** The socket is there no more. */
  forget(socket: WebSocket): void {
    const client = this.#clients.of(socket);
    if (client === undefined) return;
    this.#audiences.unseat(client);
    this.#replays.stop(client);
    this.#clients.remove(client);
    this.#unsent.forget(socket);
    this.#host.populationChanged();
  }

  /** Closes the sockets that were opened with a credential that no longer holds. */
  dismiss(credentialId: string): void {
    for (const client of this.#clients.all()) {
      if (!usesCredential(client.principal, credentialId)) continue;
      this.#part(client, CloseCode.unauthorised, "credential revoked");
    }
  }

  /** When the first credential of these runs out; null for never. */
  get expiresAt(): number | null {
    return this.#clients.expiresAt;
  }

  /** Closes the sockets whose credentials have run out. */
  dismissExpired(now: number): void {
    for (const client of this.#clients.takeExpired(now)) this.#stays(client);
  }

  /** Closes the sockets of those who may not read the channel any more, as it is now. */
  dismissStrangers(): void {
    for (const client of this.#clients.all()) this.#stays(client);
  }

  /** Closes every socket. */
  dismissAll(code: number, reason: string): void {
    for (const client of this.#clients.all()) this.#part(client, code, reason);
  }

  /** Closes one socket, by its session, for good; false if it is none of these. */
  end(session: string): boolean {
    const client = [...this.all()].find((each) => each.session === session);
    if (client !== undefined) this.#part(client, CloseCode.forbidden, "closed by the channel");
    return client !== undefined;
  }

  /** Tells every client to come back on a new socket, spread over a while. */
  handOver(spreadMs: number, random: () => number): void {
    for (const client of this.#clients.all()) {
      client.send(client.dialect.handOver(Math.floor(random() * spreadMs)));
    }
  }

  /** Takes on a socket that was there before its object slept; false if it is none of these. */
  restore(socket: WebSocket, attachment: unknown): boolean {
    const client = Client.restore(socket, attachment);
    if (client === null) return false;
    this.#clients.add(client);
    if (client.isLive) this.#audiences.seat(client, this.#host.head());
    else this.#host.ctx.waitUntil(this.#replays.run(client));
    return true;
  }

  async #begin(client: Client, start: Start): Promise<void> {
    try {
      if (start !== null && "rewind" in start) {
        client.reach(await this.#host.reader.rewind(start.rewind, client.filter, client.party));
      } else if (start !== null) {
        const { from, gap } = await this.#host.reader.resume(start.after);
        client.reach(from);
        if (gap !== null && !client.dialect.tellsGaps) {
          return this.#part(client, CloseCode.protocolError, "position is no longer kept");
        }
        if (gap !== null) client.send(client.dialect.gap(gap));
      }
    } catch (error) {
      report("client's place not found", error, { dialect: client.dialectId });
      return this.#part(client, CloseCode.overCapacity, "history is away");
    }
    if (!this.#clients.has(client)) return;
    client.send(client.dialect.begin(this.#position(client.at ?? this.#host.head())));
    await this.#replays.run(client);
  }

  #deliver(client: Client, encoded: EncodedGroup): void {
    if (!this.#stays(client)) return;
    const pressure = this.#unsent.pressureOn(client.socket);
    const isLost = pressure === "close" || (pressure === "shed" && !client.dialect.tellsGaps);
    if (isLost) return this.#part(client, CloseCode.tooSlow, "reads too slowly: resume");
    const { frames, events, shed } = encoded.under(pressure);
    if (!client.send(frames)) return this.forget(client.socket);
    this.#delivered += events;
    this.#shed += shed;
  }

  /** May it read the channel, as both are now? One that may not is let go. */
  #stays(client: Client): boolean {
    if (client.isExpired(Date.now())) {
      this.#part(client, CloseCode.credentialExpired, "credential expired");
      return false;
    }
    if (this.#host.authority.may(client.principal, "events:read")) return true;
    this.#part(client, CloseCode.unauthorised, "the channel may not be read any more");
    return false;
  }

  #part(client: Client, code: number, reason: string): void {
    client.send(client.dialect.closing(code, reason));
    client.close(code, reason);
    this.forget(client.socket);
  }

  #position(seq: Seq): string {
    return formatPosition(this.#host.channel.epoch, seq);
  }
}
