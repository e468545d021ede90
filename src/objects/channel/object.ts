import type {
  AdmitRefusal,
  ChannelCalls,
  ChannelNow,
  ConnectionView,
  Frontier,
  FrontierQuery,
  LogHead,
  LogQuery,
  ProviderInput,
  ProviderRefusal,
  ProviderView,
  StatusView,
  Viewer,
  ViewerAnswer,
  ViewerCall,
} from "../../calls/channel.ts";
import type {
  LogPage,
  WebhookChannelCalls,
  WebhookLink,
  WebhookNote,
} from "../../calls/webhook.ts";
import { granted, type Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { Epoch, ProviderId, Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import type { Page } from "../../store/history/pages.ts";
import { listErasures } from "../../store/journal/erasures.ts";
import { putTicket } from "../../store/journal/tickets.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";
import type { Providers } from "../providers/providers.ts";
import { admit } from "./admission.ts";
import { ChannelLife, NO_CHANNEL } from "./life.ts";
import type { ChannelRuntime } from "./runtime.ts";

/** One channel, as the door and the other objects see it: what may be asked of it. */
export class ChannelObject extends ChannelLife implements ChannelCalls, WebhookChannelCalls {
  async post(
    drafts: readonly EventDraft[],
    bytes: number,
    provider: ProviderId = "api",
  ): Promise<Answer<readonly Seq[], "channel_not_found">> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    runtime.ensure();
    const input = { provider, drafts, secrets: [], at: Date.now() };
    return granted(await runtime.log.submit({ type: "drafts-observed", ...input }, bytes));
  }

  async frontier(query: FrontierQuery): Promise<Answer<Frontier, "channel_not_found">> {
    const { runtime } = this;
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
    return this.runtime?.reader.seqBefore(time) ?? null;
  }

  async eventAt(seq: Seq): Promise<LoggedEvent | null> {
    return this.runtime?.reader.at(seq) ?? null;
  }

  async send(ask: SendAsk): Promise<Answer<{ sendId: string }, SendRefusal>> {
    this.runtime?.ensure();
    return this.runtime?.send(ask) ?? NO_CHANNEL;
  }

  async callOfViewer(
    call: ViewerCall,
    viewer: Viewer,
  ): Promise<Answer<ViewerAnswer, "channel_not_found">> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    runtime.ensure();
    return granted(await runtime.board.call(call, viewer));
  }

  async connections(): Promise<ConnectionView[]> {
    return this.runtime?.views.connections() ?? [];
  }

  async status(isDetailed: boolean): Promise<StatusView | null> {
    this.runtime?.ensure();
    return (await this.runtime?.views.status(isDetailed)) ?? null;
  }

  async listProviders(): Promise<ProviderView[]> {
    return this.runtime?.providers.list() ?? [];
  }

  async findProvider(id: string): Promise<ProviderView | null> {
    return this.runtime?.providers.find(id) ?? null;
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
    this.runtime?.webhooks.detach(id);
  }

  async webhookIds(): Promise<string[]> {
    return this.runtime?.webhooks.ids() ?? [];
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
    const { events, seenTo } = await runtime.reader.next(after, filter, false);
    return { events, seenTo, head };
  }

  async keepTicket(digest: string, principal: Principal, expiresAt: number): Promise<boolean> {
    if (this.runtime === null) return false;
    putTicket(this.ctx.storage.sql, { digest, principal, expiresAt }, Date.now());
    return true;
  }

  async dismiss(credentialId: string): Promise<void> {
    this.runtime?.clients.dismiss(credentialId);
  }

  async handOver(spreadMs: number): Promise<void> {
    this.runtime?.clients.handOver(spreadMs, Math.random);
  }

  async attach(hub: string, term: number): Promise<Answer<LogHead, "channel_not_found">> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    runtime.hubs.attach(hub, term, Date.now());
    return granted({ epoch: runtime.config.epoch, head: runtime.log.head });
  }

  async detach(hub: string, term: number): Promise<void> {
    this.runtime?.hubs.detach(hub, term);
  }

  async look(): Promise<Answer<ChannelNow, "channel_not_found">> {
    return this.runtime === null ? NO_CHANNEL : granted(this.runtime.views.now());
  }

  async admit(principal: Principal): Promise<Answer<ChannelNow, AdmitRefusal>> {
    return admit(principal, this.ctx.id.name ?? "", this.runtime?.views ?? null);
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
    if (this.runtime === null) return NO_CHANNEL;
    return granted(await this.runtime.reader.resume(after));
  }

  async rewind(count: number, filter: Filter): Promise<Answer<Seq, "channel_not_found">> {
    if (this.runtime === null) return NO_CHANNEL;
    return granted(await this.runtime.reader.rewind(count, filter));
  }

  async #change<T>(
    work: (
      providers: Providers,
    ) => Answer<T, ProviderRefusal> | Promise<Answer<T, ProviderRefusal>>,
  ): Promise<Answer<T, ProviderRefusal>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const answer = await work(runtime.providers);
    runtime.ensure();
    return answer;
  }

  /** The channel at work, if this is still the incarnation that is meant. */
  #of(epoch: Epoch): ChannelRuntime | null {
    return this.runtime?.config.epoch === epoch ? this.runtime : null;
  }
}
