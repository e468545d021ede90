import { DurableObject } from "cloudflare:workers";

import { reachChannel } from "../../asking.ts";
import type { HubCalls, HubPlace, HubPopulation, LogBatch } from "../../calls/hub.ts";
import { nameChannel, nameHub, readLocation } from "../../calls/object-names.ts";
import type { HubReport } from "../../calls/report.ts";
import type { SocketPage, SocketView } from "../../calls/socket-view.ts";
import type { Epoch } from "../../event/ids.ts";
import type { Location } from "../../event/location.ts";
import type { Principal } from "../../event/principal.ts";
import { readMasterKeys } from "../../lib/master-keys.ts";
import { report } from "../../report.ts";
import { findChannel } from "../../store/history/channels.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import { keepAwake } from "../alarms.ts";
import { isCrowd, isFull } from "../clients/capacity.ts";
import { countSockets, endSocket, listSockets } from "../gateways/socket-list.ts";
import { HubRuntime } from "./runtime.ts";

/**
 * One hub: holds sockets that follow several channels, and those that a crowded channel has no room
 * for. The only place where it touches the runtime; see `HubRuntime` for how its parts are joined.
 */
export abstract class Hub extends DurableObject<Env> implements HubCalls {
  #made: HubRuntime | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const wake = async (): Promise<void> => {
      this.#made = new HubRuntime({
        ctx,
        masterKeys: readMasterKeys(env),
        name: nameHub(this.findLocation(), ctx.id.name ?? ""),
        channel: (name) => reachChannel(env, name),
        isCrowd: (sockets) => isCrowd(sockets, env),
        isFull: (sockets) => isFull(sockets, env),
        locate: async (id) => {
          const channel = await findChannel(env.DB.withSession("first-primary"), id);
          return channel === null ? null : nameChannel(channel);
        },
        authenticate: (credential) => this.authenticate(credential),
      });
      await this.#made.ensure();
    };
    void ctx.blockConcurrencyWhile(() => keepAwake(ctx.storage, wake));
  }

  /** Finds where this object is. */
  protected findLocation(): Location {
    return readLocation(this.ctx.id);
  }

  get #runtime(): HubRuntime {
    // Nothing comes in before it has been put together.
    if (this.#made === null) throw new Error("the hub is not there yet");
    return this.#made;
  }

  /** Whom a credential speaks for, as the door has it; null if it does not hold. */
  protected abstract authenticate(credential: string | null): Promise<Principal | null>;

  async deliver(channel: string, epoch: Epoch, batch: LogBatch): Promise<HubPlace | null> {
    return this.#runtime.deliver(channel, epoch, batch);
  }

  async ensure(): Promise<HubReport> {
    await this.#runtime.ensure();
    return this.#runtime.report();
  }

  async gone(channel: string, epoch: Epoch): Promise<void> {
    this.#runtime.gone(channel, epoch);
  }

  async changed(channel: string, ground: HeldGround): Promise<void> {
    this.#runtime.changed(channel, ground);
  }

  async population(channel: string): Promise<HubPopulation> {
    return countSockets(this.#runtime.seats(channel));
  }

  async sockets(channel: string, page: SocketPage): Promise<SocketView[]> {
    return listSockets(this.#runtime.seats(channel), page);
  }

  async endSocket(channel: string, id: string): Promise<boolean> {
    return endSocket(this.#runtime.seats(channel), id);
  }

  async dismiss(credentialId: string): Promise<void> {
    this.#runtime.dismiss(credentialId);
  }

  async handOver(spreadMs: number, hasNative = true): Promise<void> {
    this.#runtime.handOver(hasNative ? spreadMs : null, Math.random);
  }

  /** An upgrade that the door has let through. */
  override fetch(request: Request): Promise<Response> {
    return this.#runtime.fetch(request);
  }

  override webSocketMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    this.#runtime.onMessage(socket, frame);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#runtime.onClose(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#runtime.onError(socket);
  }

  override async alarm(): Promise<void> {
    try {
      await this.#runtime.onAlarm();
    } catch (error) {
      // An alarm that throws is given up on after a few tries; it has been armed again already.
      report("hub alarm failed", error, { hub: this.ctx.id.name });
    }
  }
}
