import { computeNextShelving } from "../../channel/shelving.ts";
import type { AlarmName } from "../alarms.ts";
import { endExpired, keepExpiry } from "../expiry.ts";
import { keepBeat, sendHeartbeats } from "../gateways/heartbeats.ts";
import type { Providers } from "../providers/providers.ts";
import type { ChannelAlarms } from "./alarms.ts";
import type { HistoryWriter } from "./history-writer.ts";
import type { HubFanout } from "./hub-fanout.ts";
import type { Listeners } from "./listeners.ts";
import type { Outbox } from "./sends.ts";
import type { ChannelSockets } from "./sockets.ts";
import type { WebhookFanout } from "./webhook-fanout.ts";

// Retention is told in days: what is too old goes within these hours.
const PRUNE_EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

/** The parts of a channel that have something to do by themselves. */
interface KeptParts {
  head(): number;
  /** How long the channel keeps its history. */
  readonly config: { readonly retentionDays: number };
  readonly feed: HistoryWriter;
  readonly clients: ChannelSockets;
  readonly hubs: HubFanout;
  readonly webhooks: WebhookFanout;
  readonly providers: Providers;
  readonly outbox: Outbox;
}

/** Keeps a channel going: what is to be done when it is awake, and when it is to be woken. */
export class ChannelUpkeep {
  readonly #parts: KeptParts;
  readonly #alarms: ChannelAlarms;
  readonly #demand: Listeners;
  #isOver = false;

  constructor(parts: KeptParts, alarms: ChannelAlarms, demand: Listeners) {
    this.#parts = parts;
    this.#alarms = alarms;
    this.#demand = demand;
  }

  /** The object is back, with those who were there when it slept: nobody has come or left. */
  begin(): void {
    this.#demand.begin(this.#listeners);
    keepExpiry(this.#alarms.named, this.#parts.clients.expiresAt);
  }

  /** Nothing goes on by itself any more. */
  stop(): void {
    this.#isOver = true;
  }

  /** Sees to it that what is wanted is up. Cheap: called whenever the object is awake anyway. */
  ensure(): void {
    if (this.#isOver) return;
    const { providers, feed, webhooks } = this.#parts;
    const now = Date.now();
    this.#alarms.named.heed(now);
    this.#alarms.keep("watchdog", providers.ensure(now), now);
    if (!feed.isDone) feed.wake();
    if (this.#alarms.named.dueAt("retention") === null) {
      this.#alarms.named.set("retention", now + PRUNE_EVERY_MS);
    }
    if (feed.shelvingAgeMs !== null && this.#alarms.named.dueAt("archive") === null) {
      this.#alarms.named.set("archive", computeNextShelving("nothing", now, feed.shelvingAgeMs));
    }
    webhooks.wake();
  }

  /** The physical alarm. What it finds to do fails by itself, never as a whole. */
  async onAlarm(due: readonly AlarmName[], now: number): Promise<void> {
    const { providers, clients, webhooks, feed, outbox } = this.#parts;
    if (due.includes("watchdog")) providers.noteSeen();
    if (due.includes("hubs")) this.#onHubsDue(now);
    if (due.includes("expiry")) endExpired(this.#alarms.named, clients, now);
    if (due.includes("heartbeat")) sendHeartbeats(this.#alarms.named, clients.gateways, now);
    this.ensure();
    if (due.includes("webhooks")) webhooks.onAlarm();
    if (due.includes("history") || !feed.isDone) await feed.drain();
    if (this.#isOver) return;
    if (due.includes("retention")) await this.#prune(now);
    if (this.#isOver) return;
    if (due.includes("archive")) await this.#shelve(now);
    if (this.#isOver) return;
    if (feed.isDone) this.#alarms.named.clear("history");
    else this.#alarms.keepHistory(now);
    if (due.includes("outbox")) outbox.handle({ type: "time-passed", at: now });
  }

  /** There are more or fewer who listen. */
  onPopulation(): void {
    if (this.#isOver) return;
    const { clients, hubs } = this.#parts;
    const now = Date.now();
    keepBeat(this.#alarms.named, clients.gateways, now);
    keepExpiry(this.#alarms.named, clients.expiresAt);
    this.#alarms.keepHubs(hubs.expiresAt);
    if (this.#demand.count(this.#listeners, now)) this.ensure();
  }

  /** A hub is a listener, however many sockets it has, and an endpoint listens as a socket does. */
  get #listeners(): number {
    const { clients, hubs, webhooks } = this.#parts;
    return clients.count + hubs.count + webhooks.listeners;
  }

  async #prune(now: number): Promise<void> {
    this.#alarms.named.set("retention", now + PRUNE_EVERY_MS);
    await this.#parts.feed.prune(now - this.#parts.config.retentionDays * DAY_MS);
  }

  async #shelve(now: number): Promise<void> {
    const { feed } = this.#parts;
    const ageMs = feed.shelvingAgeMs;
    // The binding may be gone by now.
    if (ageMs === null) return this.#alarms.named.clear("archive");
    const next = await feed.shelve(now - ageMs);
    if (this.#isOver) return;
    this.#alarms.named.set("archive", computeNextShelving(next, Date.now(), ageMs));
  }

  #onHubsDue(now: number): void {
    const { hubs } = this.#parts;
    hubs.expire(now);
    this.#alarms.resetHubs(hubs.expiresAt);
  }
}
