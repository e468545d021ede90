import type { ChannelCalls } from "../../calls/channel.ts";
import { ERASURES_MAX_BYTES, type FrontierQuery } from "../../calls/history.ts";
import type { MetricsQuery } from "../../calls/metrics.ts";
import type {
  ConnectionView,
  ProviderInput,
  ProviderRefusal,
  ProviderView,
} from "../../calls/provider.ts";
import type { AdmitRefusal } from "../../calls/refusals.ts";
import type { SocketPage } from "../../calls/socket-view.ts";
import type { StatusView } from "../../calls/status.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Erasure, UserKey } from "../../event/erasure.ts";
import type { EventDraft } from "../../event/event.ts";
import type { Epoch, ProviderId, Seq } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../../event/sending.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../../event/viewer.ts";
import type { SealedLeft } from "../../lib/sealed-left.ts";
import { viewerInterfaceAdapter } from "../../protocols/registry.ts";
import { countErasureBytes, listErasures } from "../../store/journal/erasures.ts";
import { putTicket } from "../../store/journal/tickets.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import { denyPost, type Denial } from "../authority.ts";
import type { Providers } from "../providers/providers.ts";
import { ChannelAuthorizationCalls } from "./authorization-calls.ts";
import { endAnySocket, listEverySocket } from "./every-socket.ts";
import { beginForgetting, isForgetting } from "./forgetting.ts";
import { NO_CHANNEL } from "./life.ts";
import { viewMetrics } from "./metrics.ts";
import { resealChannel } from "./resealing.ts";
import { pickIncarnation } from "./returning.ts";

/** One channel, as the door asks it; see `ChannelPeerCalls` for hubs and webhooks. */
export class ChannelObject extends ChannelAuthorizationCalls implements ChannelCalls {
  async post(
    principal: Principal,
    drafts: readonly EventDraft[],
    bytes: number,
    provider: ProviderId = "api",
    request: string | null = null,
  ): Promise<Answer<readonly Seq[], "channel_not_found" | "invalid_input" | Denial>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const denial = denyPost(runtime.authority, principal, provider, drafts);
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

  async frontier(query: FrontierQuery): ReturnType<ChannelCalls["frontier"]> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const { log, feed, reader, config } = runtime;
    const erasures = this.#erasures();
    if (erasures === null) return BEHIND;
    const after = Math.max(query.after, feed.fed);
    const upTo = Math.min(query.upTo, log.head);
    return grant({
      epoch: config.epoch,
      head: log.head,
      fed: feed.fed,
      bookmark: feed.bookmark,
      erasures,
      sightings: feed.sightings.late,
      tail: reader.fromJournal(after, upTo, query.order, query.filter, query.limit),
    });
  }

  async seqBefore(time: number): Promise<Seq | null> {
    return this.runtime?.reader.seqBefore(time) ?? null;
  }

  async eventAt(epoch: Epoch, seq: Seq): ReturnType<ChannelCalls["eventAt"]> {
    const runtime = pickIncarnation(this.runtime, epoch);
    if (runtime === null) return NO_CHANNEL;
    const { bookmark } = runtime.feed;
    const event = runtime.reader.at(seq);
    // The journal never has what was erased.
    const erasures = event === null ? this.#erasures() : [];
    return erasures === null ? BEHIND : grant({ event, bookmark, erasures });
  }

  async hear(number: number, protocol: string, key: string, frame: string): Promise<boolean> {
    if (this.runtime?.config.number !== number) await this.refresh();
    const { runtime } = this;
    if (runtime?.config.number !== number) return false;
    runtime.ensure();
    return runtime.providers.hooks.hear(protocol, key, frame, Date.now());
  }

  async forget(number: number, person: UserKey, askedAt: number): Promise<void> {
    if (this.runtime?.config.number !== number) await this.refresh();
    const { runtime } = this;
    // A channel that is gone takes with it all that was said on it.
    if (runtime?.config.number === number) await beginForgetting(runtime, person, askedAt);
  }

  async isForgetting(number: number, person: UserKey): Promise<boolean> {
    const { runtime } = this;
    return runtime?.config.number === number && isForgetting(runtime, person);
  }

  async send(principal: Principal, ask: SendAsk): Promise<Answer<SendTaken, SendRefusal>> {
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
    const denial = runtime.authority.denial(principal, viewerInterfaceAdapter.needs);
    if (denial !== null) return denial;
    runtime.ensure();
    return grant(await runtime.viewerInterface.call(call, viewer));
  }

  async connections(): Promise<ConnectionView[]> {
    return this.runtime?.views.connections() ?? [];
  }

  async status(principal: Principal): Promise<Answer<StatusView, AdmitRefusal>> {
    this.runtime?.ensure();
    return (await this.runtime?.status(principal)) ?? NO_CHANNEL;
  }

  async metrics(principal: Principal, query: MetricsQuery): ReturnType<ChannelCalls["metrics"]> {
    return this.runtime === null ? NO_CHANNEL : viewMetrics(this.runtime, principal, query);
  }

  async listProviders(): Promise<ProviderView[]> {
    return this.runtime?.providers.list() ?? [];
  }

  async findProvider(id: string): Promise<ProviderView | null> {
    return this.runtime?.providers.find(id) ?? null;
  }

  reseal(): Promise<SealedLeft> {
    return resealChannel(this.runtime, this.env);
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

  async sockets(principal: Principal, page: SocketPage): ReturnType<ChannelCalls["sockets"]> {
    const { runtime } = this;
    return runtime === null ? NO_CHANNEL : listEverySocket(runtime, principal, page);
  }

  async endSocket(principal: Principal, id: string): ReturnType<ChannelCalls["endSocket"]> {
    const { runtime } = this;
    return runtime === null ? NO_CHANNEL : endAnySocket(runtime, principal, id);
  }

  async dismiss(credentialId: string): Promise<void> {
    this.runtime?.dismiss(credentialId);
  }

  async handOver(spreadMs: number): Promise<void> {
    this.runtime?.clients.handOver(spreadMs, Math.random);
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

  /**
   * Events that the database may still have in full and that nobody is to be shown; null for more
   * than an answer carries.
   */
  #erasures(): Erasure[] | null {
    const { sql } = this.ctx.storage;
    if (countErasureBytes(sql) > ERASURES_MAX_BYTES) return null;
    return listErasures(sql).map((pending) => pending.erasure);
  }
}

const BEHIND = refuse("unavailable", "The history is being brought up to date. Try again later.");
