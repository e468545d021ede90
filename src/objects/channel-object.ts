import { DurableObject } from "cloudflare:workers";

import { granted, refused, type Answer } from "../event/answer.ts";
import type { Erasure } from "../event/erasure.ts";
import type { EventDraft } from "../event/event.ts";
import type { Filter } from "../event/filter.ts";
import type { Seq } from "../event/ids.ts";
import type { Position } from "../event/position.ts";
import { Principal } from "../event/principal.ts";
import { isDialectId } from "../protocols/tributary/dialects.ts";
import { findChannel, type ChannelRecord } from "../store/history/channels.ts";
import type { Page } from "../store/history/pages.ts";
import { listErasures } from "../store/journal/erasures.ts";
import { readMeta, writeMeta } from "../store/journal/meta.ts";
import { hasJournal, migrateJournal } from "../store/journal/schema.ts";
import { putTicket, takeTicket } from "../store/journal/tickets.ts";
import type { LoggedEvent } from "../store/logged-event.ts";
import { ChannelRuntime } from "./channel-runtime.ts";
import type { Start } from "./client-sockets.ts";
import type { ClientSpec } from "./client.ts";
import { Config } from "./meta.ts";
import type { ProviderInput, ProviderRefusal } from "./providers.ts";
import type { ConnectionView, ProviderView, StatusView } from "./views.ts";

/** Where a socket is to begin, and what it is to hear. Made by the door, which has checked it. */
export interface SocketWish {
  readonly dialect: string;
  readonly filter: Filter;
  readonly raw: boolean;
  readonly after: Position | null;
  readonly rewind: number | null;
  /** Who asks; null where a ticket says so. */
  readonly principal: Principal | null;
  readonly ticketDigest: string | null;
}

/** What a page of history has to know of the log's newest end. */
export interface Frontier {
  readonly epoch: string;
  readonly head: Seq;
  /** Up to where the database has everything. */
  readonly fed: Seq;
  /** A read of the database that carries this sees all of that. */
  readonly bookmark: string | null;
  /** What the database still has in full and must not be shown. */
  readonly erasures: readonly Erasure[];
  /** The part of the page that the database does not have yet. */
  readonly tail: Page;
}

/** The header in which the door hands a socket's wish to the object. */
export const WISH_HEADER = "x-tributary-wish";

/**
 * One channel. The only place where it touches the runtime: it turns what happened into inputs and
 * performs what comes of them. See `ChannelRuntime` for how its parts are joined.
 */
export class ChannelObject extends DurableObject<Env> {
  #runtime: ChannelRuntime | null = null;

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

  /** The channel was made or changed: reads it anew. False if there is none. */
  async refresh(): Promise<boolean> {
    const channel = await this.#lookUp();
    if (channel === null) return false;
    const runtime = this.#runtime ?? this.#begin(channel, true);
    runtime.reconfigure(channel);
    return true;
  }

  /** Keeps what is wanted up; from a cron, for an object whose alarm was lost. */
  ensure(): void {
    this.#runtime?.ensure();
  }

  /** The channel is gone: nothing of it stays. */
  async destroy(): Promise<void> {
    this.#runtime?.stop();
    this.#runtime = null;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** Writes posted events; answers their places. The same key again has its first one's place. */
  async post(
    drafts: readonly EventDraft[],
    bytes: number,
  ): Promise<Answer<readonly Seq[], "channel_not_found">> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    runtime.ensure();
    const input = { provider: "api" as const, drafts, secrets: [], at: Date.now() };
    return granted(await runtime.log.submit({ type: "drafts-observed", ...input }, bytes));
  }

  /** The newest end of the log, for a page of history between two places. */
  frontier(query: {
    after: Seq;
    upTo: Seq;
    order: "asc" | "desc";
    filter: Filter;
    limit: number;
  }): Answer<Frontier, "channel_not_found"> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    const { log, feed, reader, config } = runtime;
    const after = Math.max(query.after, feed.fed);
    const upTo = Math.min(query.upTo, log.head);
    const { order, filter, limit } = query;
    return granted({
      epoch: config.epoch,
      head: log.head,
      fed: feed.fed,
      bookmark: feed.bookmark,
      erasures: listErasures(this.ctx.storage.sql).map((pending) => pending.erasure),
      tail: reader.fromJournal(after, upTo, order, filter, limit),
    });
  }

  /** One event, if the journal still has it. */
  eventAt(seq: Seq): LoggedEvent | null {
    return this.#runtime?.reader.at(seq) ?? null;
  }

  connections(): ConnectionView[] {
    return this.#runtime?.connections() ?? [];
  }

  status(isDetailed: boolean): StatusView | null {
    this.#runtime?.ensure();
    return this.#runtime?.status(isDetailed) ?? null;
  }

  listProviders(): ProviderView[] {
    return this.#runtime?.providers.list() ?? [];
  }

  findProvider(id: string): ProviderView | null {
    return this.#runtime?.providers.find(id) ?? null;
  }

  async addProvider(input: ProviderInput): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#withProviders((runtime) => runtime.providers.add(input, Date.now()));
  }

  async changeProvider(
    id: string,
    input: Omit<ProviderInput, "protocol">,
    expectedAt: number | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#withProviders((runtime) => {
      return runtime.providers.change(id, input, expectedAt, Date.now());
    });
  }

  async removeProvider(id: string): Promise<Answer<null, ProviderRefusal>> {
    return this.#withProviders(async ({ providers }) => providers.remove(id, Date.now()));
  }

  async reconnectProvider(id: string): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#withProviders(async ({ providers }) => providers.reconnect(id, Date.now()));
  }

  /** Keeps a ticket: what it stands for, and until when. */
  keepTicket(digest: string, principal: Principal, expiresAt: number): boolean {
    if (this.#runtime === null) return false;
    putTicket(this.ctx.storage.sql, { digest, principal, expiresAt }, Date.now());
    return true;
  }

  /** A credential no longer holds: neither do the sockets opened with it. */
  dismiss(credentialId: string): void {
    this.#runtime?.clients.dismiss(credentialId);
  }

  /** Asks every client to come back on a new socket within the given time. */
  handOver(spreadMs: number): void {
    this.#runtime?.clients.handOver(spreadMs, Math.random);
  }

  /** An upgrade that the door has let through. */
  override async fetch(request: Request): Promise<Response> {
    const runtime = this.#runtime;
    if (runtime === null) return Response.json(NO_CHANNEL, { status: 404 });
    const wish = JSON.parse(request.headers.get(WISH_HEADER) ?? "null") as SocketWish;
    const principal = wish.principal ?? this.#redeem(wish.ticketDigest);
    if (principal === null) return Response.json(BAD_TICKET, { status: 401 });
    const { dialect } = wish;
    if (!isDialectId(dialect)) throw new Error(`no such dialect: ${dialect}`);
    runtime.ensure();
    const spec: Omit<ClientSpec, "session" | "at"> = {
      dialect,
      filter: asLists(wish.filter),
      raw: wish.raw,
      principal,
    };
    const webSocket = runtime.clients.accept(spec, startOf(wish));
    return new Response(null, { status: 101, webSocket });
  }

  override webSocketMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    this.#runtime?.ensure();
    this.#runtime?.clients.onMessage(socket, frame);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#runtime?.clients.onClose(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#runtime?.clients.onError(socket);
  }

  override async alarm(): Promise<void> {
    try {
      await this.#runtime?.onAlarm();
    } catch (error) {
      // An alarm that throws is given up on after a few tries; it has been armed again already.
      console.error("channel alarm failed", { channel: this.ctx.id.name, error: String(error) });
    }
  }

  #withProviders<T>(
    work: (runtime: ChannelRuntime) => Promise<Answer<T, ProviderRefusal>>,
  ): Promise<Answer<T, ProviderRefusal>> | typeof NO_CHANNEL_FOR_PROVIDER {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL_FOR_PROVIDER;
    return work(runtime).then((answer) => {
      runtime.ensure();
      return answer;
    });
  }

  #redeem(digest: string | null): Principal | null {
    if (digest === null) return null;
    const kept = Principal.safeParse(takeTicket(this.ctx.storage.sql, digest, Date.now()));
    return kept.success ? kept.data : null;
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
    this.#runtime = runtime;
    return runtime;
  }
}

const NO_CHANNEL = refused("channel_not_found", "No such channel.");
const NO_CHANNEL_FOR_PROVIDER = refused("provider_not_found", "No such channel.");
const BAD_TICKET = refused("ticket_invalid", "The ticket is unknown, used, or too old.");

function startOf({ after, rewind }: SocketWish): Start {
  if (after !== null) return { after };
  return rewind === null ? null : { rewind };
}

function asLists(filter: Filter): { types: string[]; providers: string[]; platforms: string[] } {
  return {
    types: [...filter.types],
    providers: [...filter.providers],
    platforms: [...filter.platforms],
  };
}
