import { DurableObject } from "cloudflare:workers";

import {
  GATEWAY_HEADER,
  WISH_HEADER,
  type AdmitRefusal,
  type ChannelCalls,
  type ChannelNow,
  type ConnectionView,
  type Frontier,
  type FrontierQuery,
  type LogHead,
  type LogQuery,
  type ProviderInput,
  type ProviderRefusal,
  type ProviderView,
  type SocketWish,
  type StatusView,
  type Viewer,
  type ViewerAnswer,
  type ViewerCall,
} from "../calls.ts";
import { granted, refused, type Answer } from "../event/answer.ts";
import type { EventDraft } from "../event/event.ts";
import type { Filter } from "../event/filter.ts";
import type { Gap } from "../event/gap.ts";
import type { Epoch, ProviderId, Seq } from "../event/ids.ts";
import type { Position } from "../event/position.ts";
import { Principal } from "../event/principal.ts";
import type { SendAsk, SendRefusal } from "../event/sending.ts";
import { findChannel, type ChannelRecord } from "../store/history/channels.ts";
import type { Page } from "../store/history/pages.ts";
import { listErasures } from "../store/journal/erasures.ts";
import { readMeta, writeMeta } from "../store/journal/meta.ts";
import { hasJournal, migrateJournal } from "../store/journal/schema.ts";
import { putTicket, takeTicket } from "../store/journal/tickets.ts";
import type { LoggedEvent } from "../store/logged-event.ts";
import type { LogPage, WebhookChannelCalls, WebhookLink, WebhookNote } from "../webhook-calls.ts";
import { admit } from "./admission.ts";
import { ChannelRuntime } from "./channel-runtime.ts";
import { crowded } from "./crowding.ts";
import { gatewayWish, openGateway, overflows } from "./gateway-open.ts";
import { Config } from "./meta.ts";
import type { Providers } from "./providers.ts";
import { specOf, startOf } from "./wishes.ts";

/**
 * One channel. The only place where it touches the runtime: it turns what happened into inputs and
 * performs what comes of them. See `ChannelRuntime` for how its parts are joined.
 */
export class ChannelObject extends DurableObject<Env> implements ChannelCalls, WebhookChannelCalls {
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

  async refresh(): Promise<boolean> {
    const channel = await this.#lookUp();
    if (channel === null) return false;
    const runtime = this.#runtime ?? this.#begin(channel, true);
    runtime.reconfigure(channel);
    return true;
  }

  async ensure(): Promise<void> {
    this.#runtime?.ensure();
  }

  async destroy(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = null;
    await runtime?.stop();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  async post(
    drafts: readonly EventDraft[],
    bytes: number,
    provider: ProviderId = "api",
  ): Promise<Answer<readonly Seq[], "channel_not_found">> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    runtime.ensure();
    const input = { provider, drafts, secrets: [], at: Date.now() };
    return granted(await runtime.log.submit({ type: "drafts-observed", ...input }, bytes));
  }

  async frontier(query: FrontierQuery): Promise<Answer<Frontier, "channel_not_found">> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    const { log, feed, reader, config } = runtime;
    const after = Math.max(query.after, feed.fed);
    const upTo = Math.min(query.upTo, log.head);
    return granted({
      epoch: config.epoch,
      head: log.head,
      fed: feed.fed,
      bookmark: feed.bookmark,
      erasures: listErasures(this.ctx.storage.sql).map((pending) => pending.erasure),
      tail: reader.fromJournal(after, upTo, query.order, query.filter, query.limit),
    });
  }

  async seqBefore(time: number): Promise<Seq | null> {
    return this.#runtime?.reader.seqBefore(time) ?? null;
  }

  async eventAt(seq: Seq): Promise<LoggedEvent | null> {
    return this.#runtime?.reader.at(seq) ?? null;
  }

  async send(ask: SendAsk): Promise<Answer<{ sendId: string }, SendRefusal>> {
    this.#runtime?.ensure();
    return this.#runtime?.send(ask) ?? NO_CHANNEL;
  }

  async callOfViewer(
    call: ViewerCall,
    viewer: Viewer,
  ): Promise<Answer<ViewerAnswer, "channel_not_found">> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    runtime.ensure();
    return granted(await runtime.board.call(call, viewer));
  }

  async connections(): Promise<ConnectionView[]> {
    return this.#runtime?.views.connections() ?? [];
  }

  async status(isDetailed: boolean): Promise<StatusView | null> {
    this.#runtime?.ensure();
    return (await this.#runtime?.views.status(isDetailed)) ?? null;
  }

  async listProviders(): Promise<ProviderView[]> {
    return this.#runtime?.providers.list() ?? [];
  }

  async findProvider(id: string): Promise<ProviderView | null> {
    return this.#runtime?.providers.find(id) ?? null;
  }

  addProvider(input: ProviderInput): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#change((providers) => providers.add(input, Date.now()));
  }

  changeProvider(
    id: string,
    input: Omit<ProviderInput, "protocol">,
    expectedAt: number | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#change((providers) => providers.change(id, input, expectedAt, Date.now()));
  }

  removeProvider(id: string): Promise<Answer<null, ProviderRefusal>> {
    return this.#change((providers) => providers.remove(id, Date.now()));
  }

  reconnectProvider(id: string): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#change((providers) => providers.reconnect(id, Date.now()));
  }

  async attachWebhook(epoch: Epoch, link: WebhookLink): Promise<{ cursor: Seq } | null> {
    const runtime = this.#of(epoch);
    const answer = runtime?.webhooks.attach(link) ?? null;
    runtime?.ensure();
    return answer;
  }

  async detachWebhook(id: string): Promise<void> {
    this.#runtime?.webhooks.detach(id);
  }

  async webhookIds(): Promise<string[]> {
    return this.#runtime?.webhooks.ids() ?? [];
  }

  async resumeWebhook(id: string): Promise<void> {
    this.#runtime?.webhooks.resume(id);
  }

  async noteWebhook(epoch: Epoch, note: WebhookNote): Promise<boolean> {
    return (await this.#of(epoch)?.noteWebhook(note)) ?? false;
  }

  async logPage(epoch: Epoch, after: Seq, filter: Filter): Promise<LogPage | null> {
    const runtime = this.#of(epoch);
    if (runtime === null) return null;
    // As it is now: what is deleted while history is read may not be seen in what it answers.
    const { head } = runtime.log;
    const { events, seenTo } = await runtime.reader.next(after, filter, false);
    return { events, seenTo, head };
  }

  async keepTicket(digest: string, principal: Principal, expiresAt: number): Promise<boolean> {
    if (this.#runtime === null) return false;
    putTicket(this.ctx.storage.sql, { digest, principal, expiresAt }, Date.now());
    return true;
  }

  async dismiss(credentialId: string): Promise<void> {
    this.#runtime?.clients.dismiss(credentialId);
  }

  async handOver(spreadMs: number): Promise<void> {
    this.#runtime?.clients.handOver(spreadMs, Math.random);
  }

  async attach(hub: string, term: number): Promise<Answer<LogHead, "channel_not_found">> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    runtime.hubs.attach(hub, term, Date.now());
    return granted({ epoch: runtime.config.epoch, head: runtime.log.head });
  }

  async detach(hub: string, term: number): Promise<void> {
    this.#runtime?.hubs.detach(hub, term);
  }

  async look(): Promise<Answer<ChannelNow, "channel_not_found">> {
    return this.#runtime === null ? NO_CHANNEL : granted(this.#runtime.views.now());
  }

  async admit(principal: Principal): Promise<Answer<ChannelNow, AdmitRefusal>> {
    return admit(principal, this.ctx.id.name ?? "", this.#runtime?.views ?? null);
  }

  async readLog(epoch: Epoch, query: LogQuery): Promise<Answer<Page, "channel_not_found">> {
    const runtime = this.#of(epoch);
    if (runtime === null) return NO_CHANNEL;
    const { after, upTo, filter, raw } = query;
    const end = Math.min(upTo, runtime.log.head);
    return granted(await runtime.reader.next(after, filter, raw, end));
  }

  async resume(
    after: Position,
  ): Promise<Answer<{ from: Seq; gap: Gap | null }, "channel_not_found">> {
    if (this.#runtime === null) return NO_CHANNEL;
    return granted(await this.#runtime.reader.resume(after));
  }

  async rewind(count: number, filter: Filter): Promise<Answer<Seq, "channel_not_found">> {
    if (this.#runtime === null) return NO_CHANNEL;
    return granted(await this.#runtime.reader.rewind(count, filter));
  }

  /** An upgrade that the door has let through. */
  override async fetch(request: Request): Promise<Response> {
    const runtime = this.#runtime;
    if (runtime === null) return Response.json(NO_CHANNEL, { status: 404 });
    const gateway = request.headers.get(GATEWAY_HEADER);
    if (gateway !== null) {
      const wish = gatewayWish(gateway);
      if (runtime.isCrowded && overflows(wish)) return crowded(null);
      runtime.ensure();
      return openGateway(runtime.clients.gateways, wish, { channel: runtime.views.facts() });
    }
    const header = decodeURIComponent(request.headers.get(WISH_HEADER) ?? "null");
    const wish = JSON.parse(header) as SocketWish;
    const principal = wish.principal ?? this.#redeem(wish.ticketDigest);
    if (principal === null) return Response.json(BAD_TICKET, { status: 401 });
    if (runtime.isCrowded) return crowded(principal);
    runtime.ensure();
    const welcome = { head: runtime.log.head, connections: runtime.views.facts().connections };
    const spec = specOf(wish, principal);
    const webSocket = runtime.clients.native.accept(spec, startOf(wish), welcome);
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

  async #change<T>(
    work: (
      providers: Providers,
    ) => Answer<T, ProviderRefusal> | Promise<Answer<T, ProviderRefusal>>,
  ): Promise<Answer<T, ProviderRefusal>> {
    const runtime = this.#runtime;
    if (runtime === null) return NO_CHANNEL;
    const answer = await work(runtime.providers);
    runtime.ensure();
    return answer;
  }

  #redeem(digest: string | null): Principal | null {
    if (digest === null) return null;
    const kept = Principal.safeParse(takeTicket(this.ctx.storage.sql, digest, Date.now()));
    return kept.success ? kept.data : null;
  }

  #lookUp(): Promise<ChannelRecord | null> {
    return findChannel(this.env.DB.withSession("first-primary"), this.ctx.id.name ?? "");
  }

  /** The channel at work, if this is still the incarnation that is meant. */
  #of(epoch: Epoch): ChannelRuntime | null {
    return this.#runtime?.config.epoch === epoch ? this.#runtime : null;
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
const BAD_TICKET = refused("ticket_invalid", "The ticket is unknown, used, or too old.");
