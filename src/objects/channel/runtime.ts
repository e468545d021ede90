import type { StatusView } from "../../calls/status.ts";
import { formatWebhookName, type WebhookNote } from "../../calls/webhook.ts";
import type { Placed } from "../../channel/channel.ts";
import { grant, type Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { Group } from "../../event/group.ts";
import type { ProviderId } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal } from "../../event/sending.ts";
import { byteLength } from "../../lib/bytes.ts";
import { lookUp } from "../../lib/json.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import { dropTickets } from "../../store/journal/tickets.ts";
import { writeMeta } from "../../store/object/meta.ts";
import type { AlarmName } from "../alarms.ts";
import { Authority, Revocations, type Denial } from "../authority.ts";
import { isCrowd } from "../clients/capacity.ts";
import type { Errands } from "../errands.ts";
import { failureOf } from "../failures.ts";
import { sendHeartbeats, keepBeat } from "../gateways/heartbeats.ts";
import { Providers } from "../providers/providers.ts";
import type { ChannelAlarms } from "./alarms.ts";
import { hubErrands, type ChannelErrand } from "./end.ts";
import { makeGatewayHost } from "./gateway-host.ts";
import { HistoryWriter } from "./history-writer.ts";
import { HubFanout } from "./hub-fanout.ts";
import { Listeners } from "./listeners.ts";
import { LogReader } from "./log-reader.ts";
import { ChannelLog } from "./log.ts";
import { Outbox } from "./sends.ts";
import { ChannelSnapshot } from "./snapshot.ts";
import { ChannelSockets } from "./sockets.ts";
import { StreamTracker } from "./stream-tracker.ts";
import { ViewerInterface } from "./viewer-interface.ts";
import { WebhookFanout } from "./webhook-fanout.ts";

// About what an event of a send takes in the journal.
const SEND_EVENT_BYTES = 300;

/**
 * A channel at work: its log, history, readers, clients and providers, and how they are joined. It
 * lives as long as the object is in memory; everything it has to know again it reads from storage.
 */
export class ChannelRuntime {
  readonly log: ChannelLog;
  readonly feed: HistoryWriter;
  readonly reader: LogReader;
  readonly clients: ChannelSockets;
  readonly hubs: HubFanout;
  readonly providers: Providers;
  readonly outbox: Outbox;
  readonly board: ViewerInterface;
  readonly webhooks: WebhookFanout;
  readonly authority: Authority;
  readonly #revocations: Revocations;
  readonly #ctx: DurableObjectState;
  readonly views: ChannelSnapshot;
  readonly notes: StreamTracker;
  readonly #alarms: ChannelAlarms;
  readonly #errands: Errands<ChannelErrand>;
  readonly #demand: Listeners;
  readonly #env: Pick<Env, "CHANNEL_SOCKETS">;
  #config: ChannelRecord;
  /** The channel is gone: what is still under way here changes nothing any more. */
  #isOver = false;

  constructor(
    ctx: DurableObjectState,
    env: Env,
    config: ChannelRecord,
    { alarms, errands }: { alarms: ChannelAlarms; errands: Errands<ChannelErrand> },
  ) {
    this.#ctx = ctx;
    this.#env = env;
    this.#config = config;
    const { storage } = ctx;
    const { sql } = storage;
    const { epoch, number: channelNumber } = config;
    this.#revocations = new Revocations(sql);
    this.authority = new Authority(this.#revocations, () => this.#config);
    this.#alarms = alarms;
    this.#errands = errands;
    this.notes = new StreamTracker(sql);
    this.views = new ChannelSnapshot(sql, this);
    this.hubs = new HubFanout({
      ctx,
      channel: config,
      hub: (name) => env.HUB.getByName(name),
      head: () => this.log.head,
      ground: () => this.ground,
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
    this.feed = new HistoryWriter({
      storage,
      db: env.DB,
      channelNumber,
      head,
      erased: (erasure) => this.reader.noteErased(erasure),
    });
    this.reader = new LogReader({
      storage,
      db: env.DB,
      channelNumber,
      epoch,
      head,
      bookmark: () => this.feed.bookmark,
    });
    this.board = new ViewerInterface({
      storage,
      tell: (protocol, note) => this.clients.gateways.tell(protocol, config.id, note),
      pass: (shown) => this.outbox.pass(shown, Date.now()),
      record: (draft, provider) => this.#record(draft, provider, byteLength(JSON.stringify(draft))),
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
    const send = (principal: Principal, ask: SendAsk): Answer<{ sendId: string }, SendRefusal> =>
      this.send(principal, ask);
    const populationChanged = (): void => this.#onPopulation();
    this.clients = new ChannelSockets(
      {
        ctx,
        channel: config,
        reader: this.reader,
        head,
        authority: this.authority,
        status: (principal) => this.status(principal),
        send,
        populationChanged,
      },
      makeGatewayHost(ctx, {
        authority: this.authority,
        facts: () => this.views.facts(),
        send,
        record: (draft, protocol) =>
          this.#record(draft, protocol, byteLength(JSON.stringify(draft))),
        board: this.board,
        populationChanged,
      }),
    );
    this.webhooks = new WebhookFanout({
      storage,
      reader: this.reader,
      epoch,
      head,
      webhook: (id) => env.WEBHOOK.getByName(formatWebhookName(channelNumber, id)),
      keepAlarm: (isNeeded) => this.#alarms.keep("webhooks", isNeeded, Date.now()),
      populationChanged,
    });
    this.#demand = new Listeners(sql, this.#listeners);
    this.providers = new Providers({
      storage,
      masterKey: env.TRIBUTARY_MASTER_KEY,
      isPrivateAllowed: env.ALLOW_PRIVATE_NETWORK === "on",
      offer: (input, bytes, ended) => this.log.offer(input, bytes, ended),
      sent: (input) => this.outbox.handle(input),
      mode: () => this.#config.mode,
      demand: () => this.#demand.now,
      claimedBy: (identifier) => lookUp(this.log.connections, identifier)?.providerId ?? null,
    });
    this.outbox.restore(Date.now());
    this.board.restart(this.clients.gateways.names);
    // What history lacks was written a moment ago, and may not have been told to everybody.
    if (this.log.head > this.feed.fed) this.hubs.nudge();
  }

  get config(): ChannelRecord {
    return this.#config;
  }

  /** What decides who may read the channel, as it is now. */
  get ground(): HeldGround {
    const { number, public: isPublic, updatedAt } = this.#config;
    return { number, public: isPublic, updatedAt };
  }

  /** The channel was changed. Its number and epoch never are. */
  async reconfigure(config: ChannelRecord): Promise<void> {
    const isOther = this.#config.public !== config.public;
    const { storage } = this.#ctx;
    storage.transactionSync(() => {
      writeMeta(storage.sql, "channel", config);
      if (isOther) this.#errands.put(hubErrands(storage.sql, "hub-changed", config));
    });
    this.#config = config;
    this.ensure();
    this.clients.dismissStrangers();
    if (!isOther) return;
    this.#errands.changed();
    await this.#errands.run();
  }

  /** The same, for whoever does not wait until hubs have been told. */
  hear(config: ChannelRecord): void {
    this.#ctx.waitUntil(this.reconfigure(config));
  }

  /** A credential no longer holds: neither do the sockets and tickets that it was good for. */
  dismiss(credentialId: string): void {
    this.#revocations.add(credentialId);
    dropTickets(this.#ctx.storage.sql, credentialId);
    this.clients.dismiss(credentialId);
  }

  /** How the channel fares, for somebody who may read it; in detail for those who may manage it. */
  status(principal: Principal): Answer<StatusView, Denial> | Promise<Answer<StatusView, Denial>> {
    const denial = this.authority.denial(principal, "events:read");
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
    this.board.stop();
    this.outbox.stop();
    this.feed.stop();
    this.webhooks.stop();
    this.hubs.stop();
    this.#isOver = true;
    this.providers.stop();
    this.clients.dismissAll(CloseCode.noSuchChannel, "channel deleted");
  }

  /** Sees to it that what is wanted is up. Cheap: called whenever the object is awake anyway. */
  ensure(): void {
    if (this.#isOver) return;
    const now = Date.now();
    this.#alarms.keep("watchdog", this.providers.ensure(now), now);
    if (this.log.head > this.feed.fed) this.feed.wake();
    this.webhooks.wake();
  }

  /** The physical alarm. What it finds to do fails by itself, never as a whole. */
  async onAlarm(due: readonly AlarmName[], now: number): Promise<void> {
    if (due.includes("watchdog")) this.providers.noteSeen();
    if (due.includes("hubs")) this.#onHubsDue(now);
    if (due.includes("beat")) sendHeartbeats(this.#alarms.named, this.clients.gateways, now);
    this.ensure();
    if (due.includes("webhooks")) this.webhooks.onAlarm();
    if (due.includes("history") || this.log.head > this.feed.fed) await this.feed.drain();
    if (this.#isOver) return;
    if (this.feed.isDone) this.#alarms.named.clear("history");
    if (due.includes("outbox")) this.outbox.handle({ type: "time-passed", at: now });
  }

  /** Takes a send on of somebody who may, or says at once why it cannot be. */
  send(principal: Principal, ask: SendAsk): Answer<{ sendId: string }, SendRefusal> {
    const scope = ask.content.kind === "ui" ? "interface:write" : "chat:write";
    const denial = this.authority.denial(principal, scope);
    if (denial !== null) return denial;
    const now = Date.now();
    // What has been told of a connection in this very moment counts.
    this.log.flush();
    return this.outbox.ask(ask, now);
  }

  /** Writes an event of the relay's own or of its clients; resolves once it is on disk. Never rejects. */
  #record(draft: EventDraft, provider: ProviderId, bytes: number): Promise<Placed> {
    const about = { provider, drafts: [draft], secrets: [], at: Date.now() };
    return this.log.submit({ type: "drafts-observed", ...about }, bytes);
  }

  #publish(group: Group): void {
    this.#attempt("notes", () => {
      const connected = this.notes.take(group);
      if (connected.size > 0) queueMicrotask(() => this.#onConnected(connected));
    });
    // Sockets that may have missed something come back, and resume from what is on disk.
    if (!this.#attempt("clients", () => this.clients.publish(group))) {
      this.clients.dismissAll(CloseCode.goingAway, "resume");
    }
    this.#attempt("hubs", () => this.hubs.publish(group));
    this.#attempt("webhooks", () => this.webhooks.publish(group));
    this.#attempt("history", () => {
      this.#alarms.keepHistory(Date.now());
      this.feed.wake();
    });
  }

  /** Does one part of what follows a group that is on disk. The others do not depend on it. */
  #attempt(part: string, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      const about = { channel: this.#config.id, part };
      console.error("channel publishing failed", { ...about, ...failureOf(error) });
      return false;
    }
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
    if (this.#isOver) return;
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
