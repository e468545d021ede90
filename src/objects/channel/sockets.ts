import type { Group } from "../../event/group.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { answerClose, answerPings } from "../clients/client-socket.ts";
import { ClientSockets } from "../clients/clients.ts";
import type { ClientHost } from "../clients/host.ts";
import { findFirstTime } from "../expiry.ts";
import { GatewaySockets } from "../gateways/clients.ts";
import type { GatewayHost } from "../gateways/host.ts";

/** All sockets of a channel's own object, whatever they speak. */
export class ChannelSockets {
  readonly native: ClientSockets;
  readonly gateways: GatewaySockets;
  readonly #host: ClientHost;

  constructor(host: ClientHost, gateways: GatewayHost) {
    this.#host = host;
    this.native = new ClientSockets(host);
    this.gateways = new GatewaySockets(gateways);
  }

  /** Takes on the sockets that were there when the object slept. */
  restore(): void {
    const { ctx } = this.#host;
    answerPings(ctx, true);
    for (const socket of ctx.getWebSockets()) {
      const attachment: unknown = socket.deserializeAttachment();
      if (this.gateways.restore(socket, attachment)) continue;
      if (this.native.restore(socket, attachment)) continue;
      answerClose(socket, CloseCode.goingAway, "not known any more");
    }
  }

  get count(): number {
    return this.native.count + this.gateways.count;
  }

  /**
   * Has what was sent last not left yet? Looked at on the last few, for one may be slow by itself.
   */
  get isSending(): boolean {
    const newest = [...this.native.newest, ...this.gateways.newest];
    return newest.length > 0 && newest.every((client) => client.isSending);
  }

  get byProtocol(): Record<string, number> {
    return { ...this.gateways.byProtocol(null), ...this.native.byDialect };
  }

  get delivered(): number {
    return this.native.delivered + this.gateways.deliveredOn(this.#host.channel.id);
  }

  /** Sends a group to everyone who is live and wants some of it. */
  publish(group: Group): void {
    this.native.publish(group);
    this.gateways.publish(this.#host.channel.id, group.events);
  }

  onMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    if (!this.native.onMessage(socket, frame)) this.gateways.onMessage(socket, frame);
  }

  onClose(socket: WebSocket, code: number, reason: string): void {
    this.onError(socket);
    answerClose(socket, code, reason);
  }

  onError(socket: WebSocket): void {
    this.native.forget(socket);
    this.gateways.forget(socket);
    // An object that wakes because of it does not find it among its sockets any more.
    this.#host.populationChanged();
  }

  /** Closes the sockets that were opened with a credential that no longer holds. */
  dismiss(credentialId: string): void {
    this.native.dismiss(credentialId);
    this.gateways.dismiss(credentialId);
  }

  /** When the first credential of these runs out; null for never. */
  get expiresAt(): number | null {
    return findFirstTime([this.native.expiresAt, this.gateways.expiresAt]);
  }

  /** Closes the sockets whose credentials have run out. */
  dismissExpired(now: number): void {
    this.native.dismissExpired(now);
    this.gateways.dismissExpired(now);
  }

  /** Closes the sockets of those who may not have them any more, as the channel is now. */
  dismissStrangers(): void {
    this.native.dismissStrangers();
    this.gateways.dismissStrangers(this.#host.channel.id);
  }

  /** Closes every socket. */
  dismissAll(code: number, reason: string): void {
    this.native.dismissAll(code, reason);
    this.gateways.dismissAll(null, reason);
  }

  /** Tells every client to come back on a new socket, spread over a while. */
  handOver(spreadMs: number, random: () => number): void {
    this.native.handOver(spreadMs, random);
    this.gateways.handOver();
  }
}
