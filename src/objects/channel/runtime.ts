import { webhookName, type WebhookNote } from "../../calls/webhook.ts";
import type { Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { Group } from "../../event/group.ts";
import type { ProviderId, Seq } from "../../event/ids.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { writeMeta } from "../../store/object/meta.ts";
import { isCrowd } from "../clients/capacity.ts";
import { beat, keepBeat } from "../gateways/heartbeats.ts";
import { Providers } from "../providers/providers.ts";
import { ChannelAlarms } from "./alarms.ts";
import { channelGateways } from "./gateway-host.ts";
import { HistoryFeed } from "./history-writer.ts";
import { HubLines } from "./hub-fanout.ts";
import { ChannelDemand } from "./listeners.ts";
import { LogReader } from "./log-reader.ts";
import { ChannelLog } from "./log.ts";
import { Outbox } from "./sends.ts";
import { ChannelViews } from "./snapshot.ts";
import { ChannelSockets } from "./sockets.ts";
import { ChannelNotes } from "./stream-tracker.ts";
import { ChannelBoard } from "./viewer-interface.ts";
import { WebhookFeeds } from "./webhook-fanout.ts";

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
  readonly views: ChannelViews;
  readonly notes: ChannelNotes;
  readonly #alarms: ChannelAlarms;
  readonly #demand: ChannelDemand;
  readonly #env: Pick<Env, "CHANNEL_SOCKETS">;
  #config: ChannelRecord;

  constructor(ctx: DurableObjectState, env: Env, config: ChannelRecord) {
    this.#ctx = ctx;
    this.#env = env;
    this.#config = config;
    const { storage } = ctx;
    const { sql } = storage;
    const { epoch, number: channelNumber } = config;
    this.#alarms = new ChannelAlarms(storage);
    this.notes = new ChannelNotes(sql);
    this.views = new ChannelViews(sql, this);
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
      pending: (isAny) => this.#alarms.keep("outbox", isAny, Date.now()),
    });
    const send = (ask: SendAsk): Answer<{ sendId: string }, SendRefusal> => this.send(ask);
    const populationChanged = (): void => this.#onPopulation();
    this.clients = new ChannelSockets(
      {
        ctx,
        channel: config,
        reader: this.reader,
        head,
        status: (isDetailed) => this.views.status(isDetailed),
        send,
        populationChanged,
      },
      channelGateways(ctx, {
        facts: () => this.views.facts(),
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
      keepAlarm: (isNeeded) => this.#alarms.keep("webhooks", isNeeded, Date.now()),
      populationChanged,
    });
    this.#demand = new ChannelDemand(sql, this.#listeners);
    this.providers = new Providers({
      storage,
      masterKey: env.TRIBUTARY_MASTER_KEY,
      isPrivateAllowed: env.ALLOW_PRIVATE_NETWORK === "on",
      offer: (input, bytes) => this.log.offer(input, bytes),
      sent: (input) => this.outbox.handle(input),
      mode: () => this.#config.mode,
      demand: () => this.#demand.now,
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
  async reconfigure(config: ChannelRecord): Promise<void> {
    const isClosed = this.#config.public && !config.public;
    this.#config = config;
    writeMeta(this.#ctx.storage.sql, "channel", config);
    this.ensure();
    if (!isClosed) return;
    // Those of gateways that live here had to have a right of their own.
    this.clients.native.dismissStrangers(config);
    await this.hubs.tellClosed(config.number);
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
    this.#alarms.keep("watchdog", this.providers.ensure(now), now);
    if (this.log.head > this.feed.fed) this.feed.wake();
    this.webhooks.wake();
  }

  /** The physical alarm. What it finds to do fails by itself, never as a whole. */
  async onAlarm(): Promise<void> {
    const now = Date.now();
    const due = this.#alarms.wake(now);
    if (due.includes("watchdog")) this.providers.noteSeen();
    if (due.includes("hubs")) this.#onHubsDue(now);
    if (due.includes("beat")) beat(this.#alarms.named, this.clients.gateways, now);
    this.ensure();
    if (due.includes("webhooks")) this.webhooks.onAlarm();
    if (due.includes("history") || this.log.head > this.feed.fed) await this.feed.drain();
    if (this.feed.isDone) this.#alarms.named.clear("history");
    if (due.includes("outbox")) this.outbox.handle({ type: "time-passed", at: now });
  }

  /** Takes a send on, or says at once why it cannot be. */
  send(ask: SendAsk): Answer<{ sendId: string }, SendRefusal> {
    const now = Date.now();
    // What has been told of a connection in this very moment counts.
    this.log.flush();
    return this.outbox.ask(ask, now);
  }

  /** Writes an event of the relay's own or of its clients; resolves with its place once it is on disk. */
  async #record(draft: EventDraft, provider: ProviderId, bytes: number): Promise<Seq> {
    const about = { provider, drafts: [draft], secrets: [], at: Date.now() };
    const [seq = 0] = await this.log.submit({ type: "drafts-observed", ...about }, bytes);
    return seq;
  }

  #publish(group: Group): void {
    const connected = this.notes.take(group);
    this.clients.publish(group);
    this.hubs.publish(group);
    this.webhooks.publish(group);
    if (connected.size > 0) queueMicrotask(() => this.#onConnected(connected));
    this.#alarms.keepHistory(Date.now());
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

  #onPopulation(): void {
    const now = Date.now();
    keepBeat(this.#alarms.named, this.clients.gateways, now);
    this.#alarms.keepHubs(this.hubs.expiresAt);
    if (this.#demand.count(this.#listeners, now)) this.ensure();
  }

  /** A hub is a listener, however many sockets it has, and an endpoint listens as a socket does. */
  get #listeners(): number {
    return this.clients.count + this.hubs.count + this.webhooks.listeners;
  }

  #onHubsDue(now: number): void {
    this.hubs.expire(now);
    this.#alarms.resetHubs(this.hubs.expiresAt);
  }

  #break(error: unknown): void {
    console.error("channel journal failed", { channel: this.#config.id, error: String(error) });
    this.#ctx.abort("the journal could not be written");
  }
}
