import type { ChannelNow, ConnectionView, HubPopulation, StatusView } from "../calls.ts";
import { listed, toConnection } from "../channel/connection-map.ts";
import type { Demand } from "../channel/demand.ts";
import type { Answer } from "../event/answer.ts";
import type { EventDraft } from "../event/event.ts";
import type { Group } from "../event/group.ts";
import type { ProviderId, Seq } from "../event/ids.ts";
import type { SendAsk, SendRefusal } from "../event/sending.ts";
import type { ChannelFacts } from "../protocols/gateway.ts";
import { CloseCode } from "../protocols/tributary/wire.ts";
import type { ChannelRecord } from "../store/history/channels.ts";
import { listErasures } from "../store/journal/erasures.ts";
import { recordedAfter } from "../store/journal/groups.ts";
import { readMeta, writeMeta } from "../store/journal/meta.ts";
import { rowsWritten } from "../store/journal/write.ts";
import { webhookName, type WebhookNote } from "../webhook-calls.ts";
import { Alarms } from "./alarms.ts";
import { beat, keepBeat } from "./beats.ts";
import { ChannelBoard } from "./channel-board.ts";
import { channelGateways } from "./channel-gateways.ts";
import { ChannelLog } from "./channel-log.ts";
import { ChannelNotes } from "./channel-notes.ts";
import { ChannelSockets } from "./channel-sockets.ts";
import { isCrowd } from "./crowding.ts";
import { HistoryFeed } from "./history-feed.ts";
import { HubLines } from "./hub-lines.ts";
import { together } from "./hub-populations.ts";
import { LogReader } from "./log-reader.ts";
import { DemandMark } from "./meta.ts";
import { Outbox } from "./outbox.ts";
import { Providers } from "./providers.ts";
import { connectionViews, statusView } from "./views.ts";
import { WebhookFeeds } from "./webhook-feeds.ts";

// Keep-alive, watchdog and restart in one: an object with an outbound socket is put away after 70 s
// without an event, and what comes in by that socket is none.
const WATCHDOG_MS = 30_000;

// About what an event of a send takes in the journal.
const SEND_EVENT_BYTES = 300;

/**
 * A channel at work: its log, history, readers, clients and providers, and how they are joined. It
 * lives as long as the object is in memory; everything it has to know again it reads from storage.
 */
export class ChannelRuntime {
  readonly log: ChannelLog;
  readonly feed: HistoryFeed;
  readonly reader: LogReader;
  readonly clients: ChannelSockets;
  readonly hubs: HubLines;
  readonly providers: Providers;
  readonly outbox: Outbox;
  readonly board: ChannelBoard;
  readonly webhooks: WebhookFeeds;
  readonly #ctx: DurableObjectState;
  readonly #alarms: Alarms;
  readonly #startedAt = Date.now();
  readonly #notes: ChannelNotes;
  readonly #env: Pick<Env, "CHANNEL_SOCKETS">;
  #config: ChannelRecord;
  #demand: Demand;

  constructor(ctx: DurableObjectState, env: Env, config: ChannelRecord) {
    this.#ctx = ctx;
    this.#env = env;
    this.#config = config;
    const { storage } = ctx;
    const { sql } = storage;
    const { epoch, number: channelNumber } = config;
    this.#alarms = new Alarms(storage);
    this.#notes = new ChannelNotes(sql);
    this.hubs = new HubLines({
      ctx,
      channel: config,
      hub: (name) => env.HUB.getByName(name),
      head: () => this.log.head,
      changed: () => this.#onPopulation(),
    });
    this.log = new ChannelLog({
      storage,
      channel: config,
      sockets: () => this.clients.count + this.hubs.count,
      isSending: () => this.clients.isSending,
      publish: (group) => this.#publish(group),
      broken: (error) => this.#break(error),
    });
    const head = (): number => this.log.head;
    this.feed = new HistoryFeed({ storage, db: env.DB, channelNumber, head });
    this.reader = new LogReader({
      storage,
      db: env.DB,
      channelNumber,
      epoch,
      head,
      bookmark: () => this.feed.bookmark,
    });
    this.board = new ChannelBoard({
      storage,
      tell: (protocol, note) => this.clients.gateways.tell(protocol, config.id, note),
      pass: (shown) => this.outbox.pass(shown, Date.now()),
      record: (draft, provider) => this.#record(draft, provider, JSON.stringify(draft).length),
    });
    this.outbox = new Outbox({
      storage,
      connections: () => this.log.connections,
      sendingOf: (id) => this.providers.sendingOf(id),
      offer: (job) => this.providers.send(job),
      record: async (draft, provider) => {
        await this.#record(draft, provider, SEND_EVENT_BYTES);
      },
      board: {
        wanted: () => this.board.wanted,
        flawOf: (given) => this.board.flawOf(given),
        show: (given, at) => this.board.show(given, at),
      },
      pending: (isAny) => this.#keepAlarm("outbox", isAny),
    });
    const send = (ask: SendAsk): Answer<{ sendId: string }, SendRefusal> => this.send(ask);
    const populationChanged = (): void => this.#onPopulation();
    this.clients = new ChannelSockets(
      {
        ctx,
        channel: config,
        reader: this.reader,
        head,
        status: (isDetailed) => this.status(isDetailed),
        send,
        populationChanged,
      },
      channelGateways(ctx, {
        facts: () => this.facts(),
        send,
        record: (draft, protocol) => this.#record(draft, protocol, JSON.stringify(draft).length),
        board: this.board,
        populationChanged,
      }),
    );
    this.webhooks = new WebhookFeeds({
      storage,
      reader: this.reader,
      epoch,
      head,
      webhook: (id) => env.WEBHOOK.getByName(webhookName(channelNumber, id)),
      keepAlarm: (isNeeded) => this.#keepAlarm("webhooks", isNeeded),
      populationChanged,
    });
    this.#demand = {
      listeners: this.#listeners,
      lastLeftAt: readMeta(sql, "demand", DemandMark)?.lastLeftAt ?? null,
    };
    this.providers = new Providers({
      storage,
      masterKey: env.TRIBUTARY_MASTER_KEY,
      isPrivateAllowed: env.ALLOW_PRIVATE_NETWORK === "on",
      offer: (input, bytes) => this.log.offer(input, bytes),
      sent: (input) => this.outbox.handle(input),
      mode: () => this.#config.mode,
      demand: () => this.#demand,
      claimedBy: (identifier) => this.log.connections[identifier]?.providerId ?? null,
    });
    this.outbox.restore(Date.now());
    this.board.restart(this.clients.gateways.names);
    // What history lacks was written a moment ago, and may not have been told to everybody.
    if (this.log.head > this.feed.fed) this.hubs.nudge();
  }

  get config(): ChannelRecord {
    return this.#config;
  }

  /** The channel was changed. Its number and epoch never are. */
  reconfigure(config: ChannelRecord): void {
    this.#config = config;
    writeMeta(this.#ctx.storage.sql, "channel", config);
    this.ensure();
  }

  /** Holds the object as many sockets as it may? */
  get isCrowded(): boolean {
    return isCrowd(this.clients.count, this.#env);
  }

  /** Ends everything that would go on by itself, and sends the clients away. */
  async stop(): Promise<void> {
    this.log.stop();
    this.board.stop();
    this.outbox.stop();
    this.providers.closeAll();
    this.feed.stop();
    await this.webhooks.destroyAll();
    this.clients.dismissAll(CloseCode.noSuchChannel, "channel deleted");
    await this.hubs.close();
  }

  /** Sees to it that what is wanted is up. Cheap: called whenever the object is awake anyway. */
  ensure(): void {
    const now = Date.now();
    const isWanted = this.providers.ensure(now);
    const dueAt = this.#alarms.dueAt("watchdog");
    if (!isWanted) this.#alarms.clear("watchdog");
    else if (dueAt === null) this.#alarms.set("watchdog", now + WATCHDOG_MS);
    if (this.log.head > this.feed.fed) this.feed.wake();
    this.webhooks.wake();
  }

  /** The physical alarm. What it finds to do fails by itself, never as a whole. */
  async onAlarm(): Promise<void> {
    const now = Date.now();
    const due = this.#alarms.wake(now, now + WATCHDOG_MS);
    if (due.includes("watchdog")) this.providers.noteSeen();
    if (due.includes("hubs")) this.#onHubsDue(now);
    if (due.includes("beat")) beat(this.#alarms, this.clients.gateways, now);
    this.ensure();
    if (due.includes("webhooks")) this.webhooks.onAlarm();
    if (due.includes("history") || this.log.head > this.feed.fed) await this.feed.drain();
    if (this.feed.isDone) this.#alarms.clear("history");
    if (due.includes("outbox")) this.outbox.handle({ type: "time-passed", at: now });
  }

  /** Takes a send on, or says at once why it cannot be. */
  send(ask: SendAsk): Answer<{ sendId: string }, SendRefusal> {
    const now = Date.now();
    // What has been told of a connection in this very moment counts.
    this.log.flush();
    return this.outbox.ask(ask, now);
  }

  /** The channel as it is in this very moment. */
  facts(): ChannelFacts {
    const { id, number, name } = this.#config;
    const connections = listed(this.log.connections).map(toConnection);
    const { head } = this.log;
    const { summary: stream } = this.#notes;
    return { id, number, name, head, connections, stream, interface: this.board.shown };
  }

  /** The same, with the incarnation that it is true of. */
  now(): ChannelNow {
    return { ...this.facts(), epoch: this.#config.epoch };
  }

  connections(): ConnectionView[] {
    return connectionViews(this.log.connections, this.#notes.lastEvents);
  }

  status(isDetailed: boolean): StatusView | Promise<StatusView> {
    if (this.hubs.count === 0) return this.#status(isDetailed, []);
    return this.hubs.populations().then((elsewhere) => this.#status(isDetailed, elsewhere));
  }

  #status(isDetailed: boolean, elsewhere: readonly HubPopulation[]): StatusView {
    const { byProtocol, delivered, native } = this.clients;
    const all = together([{ byProtocol, delivered, shed: native.shed }, ...elsewhere]);
    return statusView({
      channel: this.#config.id,
      epoch: this.#config.epoch,
      head: this.log.head,
      stream: this.#notes.stream,
      providers: this.providers.health(isDetailed),
      history: {
        fed: this.feed.fed,
        oldestWaitingAt: recordedAfter(this.#ctx.storage.sql, this.feed.fed),
        erasures: listErasures(this.#ctx.storage.sql).length,
        ...this.feed.state,
      },
      sockets: all.byProtocol,
      counters: {
        repeats: this.log.repeats,
        delivered: all.delivered,
        shed: all.shed,
        journalRowsWritten: rowsWritten(this.#ctx.storage.sql),
      },
      since: this.#startedAt,
      now: Date.now(),
    });
  }

  /** Writes an event of the relay's own or of its clients; resolves with its place once it is on disk. */
  async #record(draft: EventDraft, provider: ProviderId, bytes: number): Promise<Seq> {
    const about = { provider, drafts: [draft], secrets: [], at: Date.now() };
    const [seq = 0] = await this.log.submit({ type: "drafts-observed", ...about }, bytes);
    return seq;
  }

  #publish(group: Group): void {
    const connected = this.#notes.take(group);
    this.clients.publish(group);
    this.hubs.publish(group);
    this.webhooks.publish(group);
    if (connected.size > 0) queueMicrotask(() => this.#onConnected(connected));
    // Should the object go before history has it, this is what brings it back.
    const hasAlarm = this.#alarms.dueAt("watchdog") ?? this.#alarms.dueAt("history");
    if (hasAlarm === null) this.#alarms.set("history", Date.now() + WATCHDOG_MS);
    this.feed.wake();
  }

  /** After the group that told of it: by then the map has it as well. */
  #onConnected(identifiers: ReadonlySet<string>): void {
    for (const identifier of identifiers) this.outbox.onConnected(identifier, Date.now());
  }

  /** Writes down what became of a webhook; the same key again is the same event. */
  async noteWebhook({ key, type, data }: WebhookNote): Promise<true> {
    // Its data is as the catalogue has it: the webhook's object is ours.
    const draft = { type, data, key, platform: "tributary" } as EventDraft;
    await this.#record(draft, "relay", SEND_EVENT_BYTES);
    return true;
  }

  /** What is under way goes on, also where the object goes in the meantime. */
  #keepAlarm(name: "outbox" | "webhooks", isNeeded: boolean): void {
    if (!isNeeded) this.#alarms.clear(name);
    else if (this.#alarms.dueAt(name) === null) this.#alarms.set(name, Date.now() + WATCHDOG_MS);
  }

  #onPopulation(): void {
    keepBeat(this.#alarms, this.clients.gateways, Date.now());
    this.#keepHubs();
    const listeners = this.#listeners;
    const before = this.#demand.listeners;
    this.#demand = { ...this.#demand, listeners };
    // Nobody has come, so somebody has left.
    if (listeners === 0) {
      this.#demand = { listeners, lastLeftAt: Date.now() };
      writeMeta(this.#ctx.storage.sql, "demand", { lastLeftAt: this.#demand.lastLeftAt });
    }
    if (listeners > 0 && before === 0) this.ensure();
  }

  /** A hub is a listener, however many sockets it has, and an endpoint listens as a socket does. */
  get #listeners(): number {
    return this.clients.count + this.hubs.count + this.webhooks.listeners;
  }

  #onHubsDue(now: number): void {
    this.hubs.expire(now);
    const { expiresAt } = this.hubs;
    if (expiresAt === null) this.#alarms.clear("hubs");
    else this.#alarms.set("hubs", expiresAt);
  }

  /** A hub that has not been heard of is let go of in time. */
  #keepHubs(): void {
    const { expiresAt } = this.hubs;
    const dueAt = this.#alarms.dueAt("hubs");
    if (expiresAt === null) this.#alarms.clear("hubs");
    // Renewed in the meantime, it is looked at again when it goes off.
    else if (dueAt === null) this.#alarms.set("hubs", expiresAt);
  }

  #break(error: unknown): void {
    console.error("channel journal failed", { channel: this.#config.id, error: String(error) });
    this.#ctx.abort("the journal could not be written");
  }
}
