import { reachWebhook } from "../../asking.ts";
import { nameWebhook } from "../../calls/object-names.ts";
import type { StatusView } from "../../calls/status.ts";
import type { WebhookNote } from "../../calls/webhook.ts";
import type { Placed } from "../../channel/channel.ts";
import { grant, type Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { ProviderId, Seq } from "../../event/ids.ts";
import { SEEING, type Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../../event/sending.ts";
import { countBytes } from "../../lib/bytes.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { report } from "../../report.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import { dropTickets } from "../../store/journal/tickets.ts";
import { writeMeta } from "../../store/object/meta.ts";
import type { AlarmName } from "../alarms.ts";
import { Authority, Revocations, type Denial } from "../authority.ts";
import { isCrowd } from "../clients/capacity.ts";
import type { Errands } from "../errands.ts";
import { Providers } from "../providers/providers.ts";
import type { ChannelAlarms } from "./alarms.ts";
import { findShelvingAge, openOwnHistory } from "./allowance.ts";
import { makeHubErrands, type ChannelErrand } from "./end.ts";
import { makeGatewayHost } from "./gateway-host.ts";
import { HistoryWriter } from "./history-writer.ts";
import { HubFanout } from "./hub-fanout.ts";
import { makeHubsHost } from "./hubs-host.ts";
import { Listeners } from "./listeners.ts";
import { LogFollowers } from "./log-followers.ts";
import { LogReader } from "./log-reader.ts";
import { ChannelLog, type LogHost } from "./log.ts";
import type { ChannelPace } from "./pace.ts";
import type { ChannelPort, Household, InputPort, ViewPort, WakePort } from "./ports.ts";
import { makeProvidersHost } from "./providers-host.ts";
import { Publication } from "./publication.ts";
import { Outbox } from "./sends.ts";
import { ChannelSnapshot } from "./snapshot.ts";
import { ChannelSockets } from "./sockets.ts";
import { StreamTracker } from "./stream-tracker.ts";
import { ChannelUpkeep } from "./upkeep.ts";
import { ViewerInterface } from "./viewer-interface.ts";
import { WebhookFanout } from "./webhook-fanout.ts";

/**
 * A channel at work: its log, history, readers, clients and providers, and how they are joined. It
 * lives as long as the object is in memory; everything it has to know again it reads from storage.
 */
export class ChannelRuntime implements ChannelPort, InputPort, WakePort, ViewPort, LogHost {
  readonly ctx: DurableObjectState;
  readonly storage: DurableObjectStorage;
  readonly db: D1Database;
  readonly channel: ChannelPort["channel"];
  readonly authority: Authority;
  readonly pace: ChannelPace;
  readonly notes: StreamTracker;
  readonly views: ChannelSnapshot;
  readonly log: ChannelLog;
  readonly feed: HistoryWriter;
  readonly reader: LogReader;
  readonly viewerInterface: ViewerInterface;
  readonly outbox: Outbox;
  readonly providers: Providers;
  readonly clients: ChannelSockets;
  readonly followers: LogFollowers;
  readonly hubs: HubFanout;
  readonly webhooks: WebhookFanout;
  readonly publication: Publication;
  readonly #upkeep: ChannelUpkeep;
  readonly #revocations: Revocations;
  readonly #alarms: ChannelAlarms;
  readonly errands: Errands<ChannelErrand>;
  readonly #env: Pick<Env, "CHANNEL_SOCKETS">;
  #config: ChannelRecord;

  /** Makes every part before one of them asks another: they do from `#begin` on. */
  constructor(
    ctx: DurableObjectState,
    env: Env,
    config: ChannelRecord,
    { alarms, errands }: Household,
    pace: ChannelPace,
  ) {
    const { sql } = ctx.storage;
    const { id, number, epoch } = config;
    this.ctx = ctx;
    this.storage = ctx.storage;
    this.db = openOwnHistory(env, config);
    this.channel = { id, number, epoch };
    this.#env = env;
    this.#config = config;
    this.#alarms = alarms;
    this.errands = errands;
    this.pace = pace;
    this.#revocations = new Revocations(sql);
    this.authority = new Authority(this.#revocations, () => this.#config);
    this.notes = new StreamTracker(sql);
    this.views = new ChannelSnapshot(this);
    this.log = new ChannelLog(this);
    this.feed = new HistoryWriter(this, findShelvingAge(env));
    this.reader = new LogReader(this);
    this.viewerInterface = new ViewerInterface(this);
    this.outbox = new Outbox(this);
    const demand = new Listeners(sql);
    this.providers = new Providers(makeProvidersHost(this, env, demand));
    this.clients = new ChannelSockets(this, makeGatewayHost(this));
    this.followers = new LogFollowers({ reader: this.reader, epoch, head: () => this.head() });
    this.hubs = new HubFanout(makeHubsHost(this, env, config));
    this.webhooks = new WebhookFanout({
      storage: ctx.storage,
      followers: this.followers,
      epoch,
      webhook: (webhook) => reachWebhook(env, nameWebhook(config, number, webhook)),
      keepAlarm: (isNeeded) => this.keepAlarm("webhooks", isNeeded),
      populationChanged: () => this.populationChanged(),
    });
    this.publication = new Publication(this, alarms, env);
    this.#upkeep = new ChannelUpkeep(this, alarms, demand);
    this.#begin();
  }

  /** Goes on where the object was when it was last in memory. */
  #begin(): void {
    this.clients.restore();
    this.#upkeep.begin();
    this.outbox.restore(Date.now());
    this.viewerInterface.restart(this.clients.gateways.names);
    // Events that history lacks were written a moment ago: hubs may not have been told of them.
    if (this.log.head > this.feed.fed) this.hubs.nudge();
  }

  get config(): ChannelRecord {
    return this.#config;
  }

  /** The facts that decide who may read the channel, as it is now. */
  get ground(): HeldGround {
    const { number, public: isPublic, updatedAt } = this.#config;
    return { number, public: isPublic, updatedAt };
  }

  /** The channel was changed. Its number and epoch never are. */
  async reconfigure(config: ChannelRecord): Promise<void> {
    const isOther = this.#config.public !== config.public;
    const { sql } = this.storage;
    this.storage.transactionSync(() => {
      writeMeta(sql, "channel", config);
      if (isOther) this.errands.put(makeHubErrands(sql, "hub-changed", config));
    });
    this.#config = config;
    this.ensure();
    this.clients.dismissStrangers();
    if (!isOther) return;
    this.errands.changed();
    await this.errands.run();
  }

  /** The same, without waiting until hubs have been told. */
  hear = (config: ChannelRecord): void => this.ctx.waitUntil(this.reconfigure(config));

  /** A credential no longer holds: neither do the sockets and tickets that it was good for. */
  dismiss(credentialId: string): void {
    this.#revocations.add(credentialId);
    dropTickets(this.storage.sql, credentialId);
    this.clients.dismiss(credentialId);
  }

  /** The channel's status, if the principal may see it; in detail for one that may manage it. */
  status(principal: Principal): Answer<StatusView, Denial> | Promise<Answer<StatusView, Denial>> {
    const denial = this.authority.denial(principal, ...SEEING);
    if (denial !== null) return denial;
    const status = this.views.status(this.authority.may(principal, "channels:manage"));
    return status instanceof Promise ? status.then(grant) : grant(status);
  }

  /** Holds the object as many sockets as it may? */
  get isCrowded(): boolean {
    return isCrowd(this.clients.count, this.#env);
  }

  /** Ends everything that would go on by itself, and sends the clients away. */
  stop(): void {
    this.log.stop();
    this.viewerInterface.stop();
    this.outbox.stop();
    this.feed.stop();
    this.webhooks.stop();
    this.publication.minutes.stop();
    this.hubs.stop();
    this.#upkeep.stop();
    this.providers.stop();
    this.clients.dismissAll(CloseCode.noSuchChannel, "channel deleted");
  }

  /** Sees to it that what is wanted is up. Cheap: called whenever the object is awake anyway. */
  ensure(): void {
    this.#upkeep.ensure();
  }

  /** The physical alarm. What it finds to do fails by itself, never as a whole. */
  onAlarm(due: readonly AlarmName[], now: number): Promise<void> {
    return this.#upkeep.onAlarm(due, now);
  }

  /** Takes a send on of somebody who may, or says at once why it cannot be. */
  send(principal: Principal, ask: SendAsk): Answer<SendTaken, SendRefusal> {
    const scope = ask.content.kind === "ui" ? "interface:write" : "chat:write";
    const denial = this.authority.denial(principal, scope);
    if (denial !== null) return denial;
    // A connection's change that still gathers counts: it is written first.
    this.log.flush();
    return this.outbox.ask(ask, Date.now());
  }

  record(drafts: readonly EventDraft[], provider: ProviderId): Promise<Placed> {
    const about = { provider, drafts, secrets: [], at: Date.now() };
    const bytes = countBytes(JSON.stringify(drafts));
    return this.log.submit({ type: "drafts-observed", ...about }, bytes);
  }

  /** Writes an event of a webhook's fate; the same key again is the same event. */
  async noteWebhook({ key, type, data }: WebhookNote): Promise<true> {
    // The data is as the catalogue has it: it comes from an object of the relay's own.
    const draft = { type, data, key, platform: "tributary" } as EventDraft;
    await this.record([draft], "relay");
    return true;
  }

  head(): Seq {
    return this.log.head;
  }

  populationChanged(): void {
    this.#upkeep.onPopulation();
  }

  keepAlarm(name: "outbox" | "webhooks", isNeeded: boolean): void {
    this.#alarms.keep(name, isNeeded, Date.now());
  }

  wakeForLogIns(at: number | null): void {
    this.#alarms.setLogIns(at);
  }

  broken(error: unknown): void {
    report("channel journal failed", error, { channel: this.channel.id });
    this.ctx.abort("the journal could not be written");
  }
}
