import type { ChannelCalls, ChannelNow } from "../../calls/channel.ts";
import type { EventPlace, Frontier, FrontierQuery } from "../../calls/history.ts";
import type { LogHead, LogQuery } from "../../calls/hub.ts";
import type {
  ConnectionView,
  ProviderInput,
  ProviderRefusal,
  ProviderView,
} from "../../calls/provider.ts";
import type { AdmitRefusal } from "../../calls/refusals.ts";
import type { StatusView } from "../../calls/status.ts";
import type {
  LogPage,
  WebhookChannelCalls,
  WebhookLink,
  WebhookNote,
} from "../../calls/webhook.ts";
import { grant, type Answer } from "../../event/answer.ts";
import type { Erasure } from "../../event/erasure.ts";
import type { EventDraft } from "../../event/event.ts";
import type { Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { Epoch, ProviderId, Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../../event/viewer.ts";
import { boardAdapter } from "../../protocols/registry.ts";
import type { Page } from "../../store/history/pages.ts";
import { listErasures } from "../../store/journal/erasures.ts";
import { putTicket } from "../../store/journal/tickets.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import type { Denial } from "../authority.ts";
import type { Providers } from "../providers/providers.ts";
import { admit } from "./admission.ts";
import { ChannelLife, NO_CHANNEL } from "./life.ts";
import type { ChannelRuntime } from "./runtime.ts";

/** One channel, as the door and the other objects see it: what may be asked of it. */
export class ChannelObject extends ChannelLife implements ChannelCalls, WebhookChannelCalls {
  async post(
    principal: Principal,
    drafts: readonly EventDraft[],
    bytes: number,
    provider: ProviderId = "api",
    request: string | null = null,
  ): Promise<Answer<readonly Seq[], "channel_not_found" | "invalid_input" | Denial>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    // What a client of a protocol we serve says is said, and not posted by a program.
    const denial = runtime.authority.denial(
      principal,
      provider === "api" ? "events:write" : "chat:write",
    );
    if (denial !== null) return denial;
    runtime.ensure();
    const { sql } = this.ctx.storage;
    const known = findMade(sql, request);
    if (known !== null) return grant(known.split(",").map(Number));
    const input = { provider, drafts, secrets: [], at: Date.now() };
    const placed = await runtime.log.submit({ type: "drafts-observed", ...input }, bytes);
    // A channel that was made anew meanwhile remembers nothing of this one's requests.
    if (placed.ok && this.runtime === runtime) {
      putMade(sql, request, placed.value.join(","), Date.now());
    }
    return placed;
  }

  async frontier(query: FrontierQuery): Promise<Answer<Frontier, "channel_not_found">> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const { log, feed, reader, config } = runtime;
    const after = Math.max(query.after, feed.fed);
    const upTo = Math.min(query.upTo, log.head);
    return grant({
      epoch: config.epoch,
      head: log.head,
      fed: feed.fed,
      bookmark: feed.bookmark,
      erasures: this.#erasures(),
      tail: reader.fromJournal(after, upTo, query.order, query.filter, query.limit),
    });
  }

  async seqBefore(time: number): Promise<Seq | null> {
    return this.runtime?.reader.seqBefore(time) ?? null;
  }

  async eventAt(epoch: Epoch, seq: Seq): Promise<Answer<EventPlace, "channel_not_found">> {
    const runtime = this.#of(epoch);
    if (runtime === null) return NO_CHANNEL;
    const { bookmark } = runtime.feed;
    return grant({ event: runtime.reader.at(seq), bookmark, erasures: this.#erasures() });
  }

  async send(principal: Principal, ask: SendAsk): Promise<Answer<{ sendId: string }, SendRefusal>> {
    this.runtime?.ensure();
    return this.runtime?.send(principal, ask) ?? NO_CHANNEL;
  }

  async callOfViewer(
    principal: Principal,
    call: ViewerCall,
    viewer: Viewer,
  ): Promise<Answer<ViewerAnswer, "channel_not_found" | Denial>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const denial = runtime.authority.denial(principal, boardAdapter.needs);
    if (denial !== null) return denial;
    runtime.ensure();
    return grant(await runtime.board.call(call, viewer));
  }

  async connections(): Promise<ConnectionView[]> {
    return this.runtime?.views.connections() ?? [];
  }

  async status(principal: Principal): Promise<Answer<StatusView, AdmitRefusal>> {
    this.runtime?.ensure();
    return (await this.runtime?.status(principal)) ?? NO_CHANNEL;
  }

  async listProviders(): Promise<ProviderView[]> {
    return this.runtime?.providers.list() ?? [];
  }

  async findProvider(id: string): Promise<ProviderView | null> {
    return this.runtime?.providers.find(id) ?? null;
  }

  addProvider(
    principal: Principal,
    input: ProviderInput,
    request: string | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#change(principal, (providers) => providers.add(input, request, Date.now()));
  }

  changeProvider(
    principal: Principal,
    id: string,
    input: Omit<ProviderInput, "protocol">,
    expectedAt: number | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#change(principal, (providers) =>
      providers.change(id, input, expectedAt, Date.now()),
    );
  }

  removeProvider(principal: Principal, id: string): Promise<Answer<null, ProviderRefusal>> {
    return this.#change(principal, (providers) => providers.remove(id, Date.now()));
  }

  reconnectProvider(
    principal: Principal,
    id: string,
    request: string | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    return this.#change(principal, (providers) => providers.reconnect(id, request, Date.now()));
  }

  async attachWebhook(epoch: Epoch, link: WebhookLink): Promise<{ cursor: Seq } | "full" | null> {
    const runtime = this.#of(epoch);
    const answer = runtime?.webhooks.attach(link) ?? null;
    runtime?.ensure();
    return answer;
  }

  async detachWebhook(id: string): Promise<void> {
    this.runtime?.webhooks.detach(id);
  }

  async webhookIds(): Promise<string[]> {
    return this.runtime?.webhooks.ids() ?? [];
  }

  async nameWebhook(request: string, id: string): Promise<string> {
    if (this.runtime === null) return id;
    const { sql } = this.ctx.storage;
    const known = findMade(sql, request);
    if (known === null) putMade(sql, request, id, Date.now());
    return known ?? id;
  }

  async resumeWebhook(id: string): Promise<void> {
    this.runtime?.webhooks.resume(id);
  }

  async noteWebhook(epoch: Epoch, note: WebhookNote): Promise<boolean> {
    return (await this.#of(epoch)?.noteWebhook(note)) ?? false;
  }

  async logPage(epoch: Epoch, after: Seq, filter: Filter): Promise<LogPage | null> {
    const runtime = this.#of(epoch);
    if (runtime === null) return null;
    // As it is now: what is deleted while history is read may not be seen in what it answers.
    const { head } = runtime.log;
    const { events, from, seenTo } = await runtime.reader.next(after, filter, false);
    return { events, from, seenTo, head };
  }

  async keepTicket(
    principal: Principal,
    digest: string,
    expiresAt: number,
  ): Promise<Answer<null, AdmitRefusal>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const denial = runtime.authority.denial(principal, "events:read");
    if (denial !== null) return denial;
    putTicket(this.ctx.storage.sql, { digest, principal, expiresAt }, Date.now());
    return grant(null);
  }

  async dismiss(credentialId: string): Promise<void> {
    this.runtime?.dismiss(credentialId);
  }

  async handOver(spreadMs: number): Promise<void> {
    this.runtime?.clients.handOver(spreadMs, Math.random);
  }

  async attach(hub: string, term: number): Promise<Answer<LogHead, "channel_not_found">> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    runtime.hubs.attach(hub, term, Date.now());
    const { log, config, ground } = runtime;
    return grant({ epoch: config.epoch, head: log.head, ground });
  }

  async detach(hub: string, term: number): Promise<void> {
    this.runtime?.hubs.detach(hub, term);
  }

  async look(): Promise<Answer<ChannelNow, "channel_not_found">> {
    return this.runtime === null ? NO_CHANNEL : grant(this.runtime.views.now());
  }

  async admit(principal: Principal): Promise<Answer<ChannelNow, AdmitRefusal>> {
    return admit(principal, this.runtime, () => this.lookUp());
  }

  async readLog(epoch: Epoch, query: LogQuery): Promise<Answer<Page, "channel_not_found">> {
    const runtime = this.#of(epoch);
    if (runtime === null) return NO_CHANNEL;
    const { after, upTo, filter, raw } = query;
    const end = Math.min(upTo, runtime.log.head);
    return grant(await runtime.reader.next(after, filter, raw, end));
  }

  async resume(
    after: Position,
  ): Promise<Answer<{ from: Seq; gap: Gap | null }, "channel_not_found">> {
    if (this.runtime === null) return NO_CHANNEL;
    return grant(await this.runtime.reader.resume(after));
  }

  async rewind(
    count: number,
    filter: Filter,
    party: string,
  ): Promise<Answer<Seq, "channel_not_found">> {
    if (this.runtime === null) return NO_CHANNEL;
    return grant(await this.runtime.reader.rewind(count, filter, party));
  }

  async #change<T>(
    principal: Principal,
    work: (
      providers: Providers,
    ) => Answer<T, ProviderRefusal> | Promise<Answer<T, ProviderRefusal>>,
  ): Promise<Answer<T, ProviderRefusal>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const denial = runtime.authority.denial(principal, "channels:manage");
    if (denial !== null) return denial;
    const answer = await work(runtime.providers);
    runtime.ensure();
    return answer;
  }

  /** What the database may still have in full and nobody is to be shown. */
  #erasures(): Erasure[] {
    return listErasures(this.ctx.storage.sql).map((pending) => pending.erasure);
  }

  /** The channel at work, if this is still the incarnation that is meant. */
  #of(epoch: Epoch): ChannelRuntime | null {
    return this.runtime?.config.epoch === epoch ? this.runtime : null;
  }
}
