import type { ChannelReport } from "../../calls/report.ts";
import {
  WEBHOOKS_MAX,
  type HandOver,
  type HandedEvent,
  type Taken,
  type WebhookCalls,
  type WebhookLink,
} from "../../calls/webhook.ts";
import { computeGatherMs, WEBHOOK_SLICE } from "../../channel/batching.ts";
import type { Filter } from "../../event/filter.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import {
  dropWebhook,
  listWebhooks,
  putWebhook,
  type WebhookRow,
} from "../../store/journal/webhooks.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";
import {
  type FollowerPort,
  type FollowerQuery,
  type LogFollower,
  type LogSlice,
  type Settle,
} from "./log-follower.ts";
import type { LogFollowers } from "./log-followers.ts";
import { WebhookStates } from "./webhook-states.ts";

/** The part of a channel's object that handing over to webhooks needs. */
export interface WebhookFanoutHost {
  readonly storage: DurableObjectStorage;
  readonly followers: LogFollowers;
  readonly epoch: Epoch;
  /** The object of a webhook. A stub is good until its first failure. */
  webhook(id: string): Pick<WebhookCalls, "ensure" | "take">;
  /** Something is, or is not, to be done should this instance be lost: be woken for it. */
  keepAlarm(isNeeded: boolean): void;
  /** There are more or fewer webhooks that listen. */
  populationChanged(): void;
}

/** The channel's webhooks, and up to where each was handed the log. */
export class WebhookFanout {
  readonly #host: WebhookFanoutHost;
  readonly #webhooks = new Map<string, WebhookFollower>();
  readonly #states = new WebhookStates();

  constructor(host: WebhookFanoutHost) {
    this.#host = host;
    for (const row of listWebhooks(host.storage.sql)) this.#open(row);
  }

  /** How many webhooks listen. */
  get listeners(): number {
    let count = 0;
    for (const { isEnabled } of this.#webhooks.values()) if (isEnabled) count += 1;
    return count;
  }

  ids(): string[] {
    return [...this.#webhooks.keys()];
  }

  /**
   * `full`: there are as many as there may be. Counted and added in one go, whoever asks at once.
   */
  attach({ id, filter, enabled }: WebhookLink): { cursor: Seq } | "full" {
    const before = this.#webhooks.get(id);
    if (before === undefined && this.#webhooks.size >= WEBHOOKS_MAX) return "full";
    const isNew = before === undefined || !before.isEnabled;
    const cursor = isNew ? this.#host.followers.head : before.follower.cursor;
    const row = { id, filter, enabled, cursor };
    putWebhook(this.#host.storage.sql, row);
    if (before === undefined) this.#open(row);
    else before.change(row);
    this.#host.populationChanged();
    this.wake();
    return { cursor };
  }

  detach(id: string): void {
    const known = this.#webhooks.get(id);
    if (known === undefined) return;
    this.#webhooks.delete(id);
    this.#host.followers.drop(known.follower);
    dropWebhook(this.#host.storage.sql, id);
    this.#host.populationChanged();
  }

  resume(id: string): void {
    const known = this.#webhooks.get(id);
    if (known === undefined) return;
    known.isFull = false;
    this.wake();
  }

  /** Hands over what is to be handed over. Cheap where nothing is. */
  wake(): void {
    let isBehind = false;
    for (const { isEnabled, follower } of this.#webhooks.values()) {
      if (!isEnabled || follower.cursor >= this.#host.followers.head) continue;
      isBehind = true;
      follower.start();
    }
    if (isBehind) this.#host.keepAlarm(true);
  }

  /** The alarm: who was full is asked again, and where everyone is is written down. */
  onAlarm(): void {
    for (const webhook of this.#webhooks.values()) {
      webhook.isFull = false;
      webhook.keep();
    }
    this.wake();
    if (this.#isDone) this.#host.keepAlarm(false);
  }

  /** The channel is gone: nothing is handed over any more. */
  stop(): void {
    for (const { follower } of this.#webhooks.values()) this.#host.followers.drop(follower);
    this.#webhooks.clear();
  }

  /** Asks every webhook to see to itself, and how it fares. */
  rouse(): Promise<ChannelReport["webhooks"]> {
    return this.#states.ask([...this.#webhooks.keys()], (id) => this.#host.webhook(id));
  }

  /** Is everything handed over, and written down? */
  get #isDone(): boolean {
    for (const { isEnabled, isKept, follower } of this.#webhooks.values()) {
      if (isEnabled && (follower.cursor < this.#host.followers.head || !isKept)) return false;
    }
    return true;
  }

  #open(row: WebhookRow): void {
    const opened = new WebhookFollower(this.#host, row, {
      count: () => this.#webhooks.size,
      isGone: () => this.detach(row.id),
    });
    this.#webhooks.set(row.id, opened);
  }
}

/** The part of the fan-out that one webhook needs. */
interface Others {
  count(): number;
  /** It went without the channel hearing of it. */
  isGone(): void;
}

/** One webhook as a follower of the log. */
class WebhookFollower implements FollowerPort {
  readonly name: string;
  readonly isAskedFirst = false;
  readonly follower: LogFollower;
  /** It has no room, and says when it has. */
  isFull = false;
  /** As it is written down: the cursor there is a little behind. */
  #row: WebhookRow;
  readonly #host: WebhookFanoutHost;
  readonly #others: Others;

  constructor(host: WebhookFanoutHost, row: WebhookRow, others: Others) {
    this.#host = host;
    this.#row = row;
    this.#others = others;
    this.name = row.id;
    this.follower = host.followers.add(this, row.cursor);
  }

  get isEnabled(): boolean {
    return this.#row.enabled;
  }

  get isListening(): boolean {
    return this.#row.enabled && !this.isFull;
  }

  get query(): FollowerQuery {
    return { ...WEBHOOK_SLICE, filter: this.#row.filter, hearsErasures: true, isRaw: false };
  }

  get gatherMs(): number {
    return computeGatherMs(this.#others.count());
  }

  /** Is it written down where the webhook is? */
  get isKept(): boolean {
    return this.#row.cursor === this.follower.cursor;
  }

  /** Takes on another filter, or that it was disabled and is no more. */
  change(row: WebhookRow): void {
    this.#row = row;
    this.isFull = false;
    this.follower.moveTo(row.cursor);
  }

  /** Writes down where the webhook is. */
  keep(): void {
    if (!this.isKept) this.#put({ ...this.#row, cursor: this.follower.cursor });
  }

  async give(slice: LogSlice): Promise<Settle> {
    const { id, filter } = this.#row;
    const taken = await this.#host.webhook(id).take(makeHandOver(slice, this.#host.epoch));
    return () => this.#settle(taken, filter);
  }

  #settle({ takenTo, wants }: Taken, filter: Filter): Seq | null {
    if (wants === "gone") {
      this.#others.isGone();
      return null;
    }
    // It was changed meanwhile: what it wanted before says nothing of now.
    if (this.#row.filter !== filter) return takenTo;
    this.isFull = wants === "later";
    if (wants === "nothing" && this.#row.enabled) {
      this.#put({ ...this.#row, enabled: false, cursor: takenTo });
      this.#host.populationChanged();
    }
    return takenTo;
  }

  #put(row: WebhookRow): void {
    this.#row = row;
    putWebhook(this.#host.storage.sql, row);
  }
}

function makeHandOver({ isLost, ...slice }: LogSlice, epoch: Epoch): HandOver {
  return { ...slice, epoch, events: slice.events.map(toHanded), ...(isLost && { isLost }) };
}

function toHanded({ seq, type, provider, platform, text }: LoggedEvent): HandedEvent {
  return { seq, type, provider, platform, text };
}
