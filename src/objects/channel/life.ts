import { DurableObject } from "cloudflare:workers";

import { refused } from "../../event/answer.ts";
import { findChannel, type ChannelRecord } from "../../store/history/channels.ts";
import { hasJournal, migrateJournal } from "../../store/journal/schema.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { Config } from "./meta.ts";
import { ChannelRuntime } from "./runtime.ts";
import { openSocket } from "./upgrade.ts";

export const NO_CHANNEL = refused("channel_not_found", "No such channel.");

/**
 * How a channel's object begins, is woken, and ends: the only place where it touches the runtime.
 * See `ChannelRuntime` for how its parts are joined.
 */
export abstract class ChannelLife extends DurableObject<Env> {
  /** The channel at work; null while there is none of this name. */
  protected runtime: ChannelRuntime | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    void ctx.blockConcurrencyWhile(async () => {
      // Its own copy comes first: a channel goes on while the database is away.
      if (hasJournal(sql)) migrateJournal(sql);
      const kept = hasJournal(sql) ? readMeta(sql, "channel", Config) : null;
      const channel = kept ?? (await this.#lookUp());
      if (channel !== null) this.#begin(channel, kept === null);
    });
  }

  async refresh(): Promise<boolean> {
    const channel = await this.#lookUp();
    if (channel === null) return false;
    const runtime = this.runtime ?? this.#begin(channel, true);
    await runtime.reconfigure(channel);
    return true;
  }

  async ensure(): Promise<void> {
    this.runtime?.ensure();
  }

  async destroy(): Promise<void> {
    const { runtime } = this;
    this.runtime = null;
    await runtime?.stop();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** An upgrade that the door has let through. */
  override async fetch(request: Request): Promise<Response> {
    const { runtime } = this;
    return runtime === null
      ? Response.json(NO_CHANNEL, { status: 404 })
      : openSocket(runtime, this.ctx.storage.sql, request.headers);
  }

  override webSocketMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    this.runtime?.ensure();
    this.runtime?.clients.onMessage(socket, frame);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.runtime?.clients.onClose(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.runtime?.clients.onError(socket);
  }

  override async alarm(): Promise<void> {
    try {
      await this.runtime?.onAlarm();
    } catch (error) {
      // An alarm that throws is given up on after a few tries; it has been armed again already.
      console.error("channel alarm failed", { channel: this.ctx.id.name, error: String(error) });
    }
  }

  #lookUp(): Promise<ChannelRecord | null> {
    return findChannel(this.env.DB.withSession("first-primary"), this.ctx.id.name ?? "");
  }

  #begin(channel: ChannelRecord, isNew: boolean): ChannelRuntime {
    if (isNew) {
      migrateJournal(this.ctx.storage.sql);
      writeMeta(this.ctx.storage.sql, "channel", channel);
    }
    const runtime = new ChannelRuntime(this.ctx, this.env, channel);
    this.runtime = runtime;
    return runtime;
  }
}
