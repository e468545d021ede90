import { DurableObject } from "cloudflare:workers";

import type { ChannelMark } from "../../calls/channel.ts";
import { readLocation } from "../../calls/object-names.ts";
import type { ChannelReport } from "../../calls/report.ts";
import { refuse } from "../../event/answer.ts";
import type { Location } from "../../event/location.ts";
import { report } from "../../report.ts";
import { findChannel, type ChannelRecord } from "../../store/history/channels.ts";
import { emptyJournal, hasJournal, migrateJournal } from "../../store/journal/schema.ts";
import type { Errand } from "../../store/object/errands.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { keepAwake } from "../alarms.ts";
import { Errands } from "../errands.ts";
import { ChannelAlarms } from "./alarms.ts";
import { endChannel, type ChannelErrand } from "./end.ts";
import { performErrand } from "./errand-calls.ts";
import { Config, type Incarnation } from "./meta.ts";
import { PACE, type ChannelPace } from "./pace.ts";
import type { Household } from "./ports.ts";
import { computeKeptSince, readIncarnation, renewReturning } from "./returning.ts";
import { ChannelRuntime } from "./runtime.ts";
import { openSocket } from "./upgrade.ts";

export const NO_CHANNEL = refuse("channel_not_found", "No such channel.");

/**
 * How a channel's object begins, is woken, and ends: the only place where it touches the runtime.
 * See `ChannelRuntime` for how its parts are joined. Channels of one name come and go in the same
 * object, one after the other: each begins with nothing of the one before.
 */
export abstract class ChannelLife extends DurableObject<Env> {
  /** The channel at work; null while there is none of this name. */
  protected runtime: ChannelRuntime | null = null;
  #household: Household | null = null;
  /** Channels up to this number are gone: an answer of the database that still has one is old. */
  #endedTo = 0;
  /** The database writes that ended channels still had under way. */
  #settling: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(() => keepAwake(ctx.storage, () => this.#wake()));
  }

  async refresh(): Promise<boolean> {
    const before = this.runtime;
    const channel = await this.lookUp();
    if (channel !== null) return this.#adopt(channel);
    // It went without its object hearing of it; one that has begun since is another one.
    if (before !== null && this.runtime === before) await this.destroy(before.config.number);
    return false;
  }

  async ensure(seen?: ChannelMark): Promise<ChannelReport | null> {
    const known = this.runtime?.config;
    const isKnown = known?.number === seen?.number && known?.updatedAt === seen?.updatedAt;
    // What was seen may be old by now: the database is asked for what is true.
    if (seen !== undefined && !isKnown) await this.refresh();
    await this.#household?.alarms.named.settle();
    const { runtime } = this;
    runtime?.ensure();
    if (seen === undefined || runtime === null) return null;
    // More may have come since that was looked up: the writer of history looks for itself.
    if (seen.history !== null && runtime.feed.mending.isLess(seen.history, runtime.feed.fed)) {
      runtime.feed.mending.doubt(computeKeptSince(runtime.config));
      runtime.feed.wake();
    }
    return runtime.views.report(await runtime.webhooks.rouse());
  }

  async destroy(number: number = Number.MAX_SAFE_INTEGER): Promise<void> {
    const { runtime } = this;
    if (runtime !== null && runtime.config.number <= number) this.#end(runtime.config, runtime);
    if (number < Number.MAX_SAFE_INTEGER) this.#endedTo = Math.max(this.#endedTo, number);
    await Promise.all([this.#household?.errands.run(), this.#settling]);
    await this.#vanish();
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
      const now = Date.now();
      const due = this.#household?.alarms.wake(now) ?? [];
      const told = this.#household?.errands.run();
      await this.runtime?.onAlarm(due, now);
      await told;
      await this.#vanish();
    } catch (error) {
      // An alarm that throws is given up on after a few tries; it has been armed again already.
      report("channel alarm failed", error, { channel: this.ctx.id.name });
    }
  }

  async #wake(): Promise<void> {
    const { sql } = this.ctx.storage;
    const isOld = hasJournal(sql);
    if (isOld) migrateJournal(sql);
    // Its own copy comes first: a channel goes on while the database is away.
    const channel = (isOld ? readMeta(sql, "channel", Config) : null) ?? (await this.lookUp());
    if (channel !== null) await this.#adopt(channel);
    else if (isOld) this.#household = this.#keepHouse();
    await this.#household?.alarms.named.settle();
  }

  /** Finds where this object is. */
  protected findLocation(): Location {
    return readLocation(this.ctx.id);
  }

  /** Tells how long it gathers before it writes. */
  protected findPace(): ChannelPace {
    return PACE;
  }

  /** The channel as the database has it; null if there is none, or it is in another jurisdiction. */
  protected async lookUp(): Promise<ChannelRecord | null> {
    const db = this.env.DB.withSession("first-primary");
    const channel = await findChannel(db, this.ctx.id.name ?? "");
    return channel?.jurisdiction === this.findLocation().jurisdiction ? channel : null;
  }

  /** Is the channel that a record is of, as far as the record is not old. */
  async #adopt(channel: ChannelRecord): Promise<boolean> {
    const { runtime } = this;
    if (channel.number <= this.#endedTo) return false;
    if (runtime === null) {
      const { sql } = this.ctx.storage;
      const was = hasJournal(sql) ? readIncarnation(sql) : null;
      const isOwn = was?.number === channel.number && was.epoch === channel.epoch;
      const taken = isOwn ? channel : await renewReturning(this.env, channel);
      // It may have begun in the meantime.
      if (this.runtime === null && taken !== null) this.#begin(taken);
      return this.runtime !== null;
    }
    const { number, epoch, updatedAt } = runtime.config;
    if (number === channel.number && epoch === channel.epoch) {
      if (updatedAt <= channel.updatedAt) await runtime.reconfigure(channel);
      return true;
    }
    if (channel.number < number) return false;
    this.#end(runtime.config, runtime);
    this.#begin(channel);
    await this.#household?.errands.run();
    return true;
  }

  #begin(channel: ChannelRecord): void {
    const { storage } = this.ctx;
    migrateJournal(storage.sql);
    const { number, epoch } = channel;
    const was = readIncarnation(storage.sql);
    const household = (this.#household ??= this.#keepHouse());
    const isSame = was?.number === number && was.epoch === epoch;
    if (was !== null && !isSame) this.#end(was, null);
    if (!isSame) {
      storage.transactionSync(() => {
        emptyJournal(storage.sql);
        writeMeta(storage.sql, "incarnation", { number, epoch });
        writeMeta(storage.sql, "channel", channel);
      });
    }
    this.runtime = new ChannelRuntime(this.ctx, this.env, channel, household, this.findPace());
  }

  /** Ends a channel at once and for good. What others are to hear of it is written down. */
  #end(was: Incarnation, runtime: ChannelRuntime | null): void {
    const { alarms, errands } = (this.#household ??= this.#keepHouse());
    this.runtime = null;
    try {
      runtime?.stop();
      this.#settling = Promise.all([this.#settling, runtime?.feed.settled]);
      endChannel(this.ctx.storage, errands, { number: was.number, epoch: was.epoch });
    } catch (error) {
      report("channel could not be ended", error, { channel: was.number });
      // Memory has let go of what storage still has: only a new instance knows what is true.
      this.ctx.abort("the channel could not be ended");
      throw error;
    }
    this.#endedTo = Math.max(this.#endedTo, was.number);
    // Those that have not gone yet are nobody's: the next channel must not take them for its own.
    for (const socket of this.ctx.getWebSockets()) socket.serializeAttachment(null);
    alarms.named.reset();
    errands.changed();
  }

  /** Gives up an object that is not needed any more. */
  async #vanish(): Promise<void> {
    const isIdle = (): boolean =>
      this.runtime === null && this.#household !== null && !this.#household.errands.isAny;
    if (!isIdle()) return;
    await this.ctx.blockConcurrencyWhile(async () => {
      if (!isIdle()) return;
      this.#household = null;
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
    });
  }

  #keepHouse(): Household {
    const { storage } = this.ctx;
    const alarms = new ChannelAlarms(storage);
    const errands: Errands<ChannelErrand> = new Errands({
      storage,
      perform: (errand) => this.#perform(errand),
      keepAlarm: (isNeeded) => alarms.keep("errands", isNeeded, Date.now()),
    });
    errands.changed();
    return { alarms, errands };
  }

  #perform(errand: Errand<ChannelErrand>): Promise<void> {
    const { env, ctx, runtime } = this;
    const at = this.findLocation();
    const { sql } = ctx.storage;
    const channel = ctx.id.name ?? "";
    return performErrand({ env, sql, channel, at, ground: runtime?.ground }, errand);
  }
}
