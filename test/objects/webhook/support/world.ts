import type { WebhookChannelCalls } from "../../../../src/calls/webhook.ts";
import type { Endpoint } from "../../../../src/delivery/endpoint.ts";
import { Endpoint as EndpointSchema } from "../../../../src/delivery/endpoint.ts";
import type { AttemptOutcome } from "../../../../src/delivery/outcome.ts";
import { matches } from "../../../../src/event/filter.ts";
import type { Exchange, Outbound } from "../../../../src/objects/webhook/http.ts";
import { WebhookKeys } from "../../../../src/objects/webhook/keys.ts";
import { WebhookRuntime } from "../../../../src/objects/webhook/runtime.ts";
import type { LoggedEvent } from "../../../../src/store/logged-event.ts";
import { readMeta, writeMeta } from "../../../../src/store/object/meta.ts";
import { migrateQueue } from "../../../../src/store/queue/schema.ts";

const MASTER_KEYS = { current: "master-key-of-the-model", previous: null };
const EPOCH = "epoch00000";
const EVERYTHING = { types: [], providers: [], platforms: [], forModerators: true };

/** A request that has left, and is not answered yet. */
export interface Sent {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  answer(outcome: AttemptOutcome): void;
}

/**
 * A webhook's runtime on its object's real storage, in a world whose clock, channel and receiver are
 * the test's: what it sends waits until the test answers.
 */
export class WebhookWorld {
  now = 1_800_000_000_000;
  readonly log: LoggedEvent[] = [];
  /** Requests that are on their way, oldest first. */
  sent: Sent[] = [];
  /** What the receiver has taken, by message id. */
  readonly accepted = new Set<string>();
  readonly bodies = new Map<string, string>();
  /** Broken promises, in words. */
  readonly broken: string[] = [];
  /** When it wants to be woken; null: not by the clock. */
  wakeAt: number | null = null;
  isBusy = false;
  isChannelGone = false;
  /** Why its address must not be sent to. */
  problem: string | null = null;
  runtime: WebhookRuntime;
  keys: WebhookKeys;
  secrets = 0;
  #calls = 0;
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage, settings: Partial<Endpoint>) {
    this.#storage = storage;
    migrateQueue(storage.sql);
    writeMeta(storage.sql, "endpoint", { ...endpoint(this.now), ...settings });
    this.keys = new WebhookKeys(storage.sql, MASTER_KEYS, (count) => this.#bytes(count));
    this.runtime = this.#begin();
  }

  get sql(): SqlStorage {
    return this.#storage.sql;
  }

  /** The instance is lost: what it had in memory is gone, its requests were received all the same. */
  crash(): void {
    this.runtime.stop();
    this.sent = [];
    this.keys = new WebhookKeys(this.sql, MASTER_KEYS, (count) => this.#bytes(count));
    this.runtime = this.#begin();
    // The alarm that was armed wakes it.
    if (this.isBusy || this.wakeAt !== null) this.runtime.look();
  }

  async rotate(graceMs: number): Promise<void> {
    const { record } = await this.keys.make("wh_model", this.now);
    this.keys.adopt(record, this.now + graceMs, this.now);
    this.secrets += 1;
  }

  /** The log goes on. */
  publish(count: number): void {
    for (let index = 0; index < count; index++) {
      const seq = this.log.length + 1;
      const text = JSON.stringify({ id: `${EPOCH}-${seq}`, data: { text: `event ${seq}` } });
      const about = { type: "custom.note", provider: "api", platform: "api" } as const;
      this.log.push({ seq, ...about, text, raw: null });
    }
  }

  /** Hands over what has not been taken, from as far back as the channel may think it has to. */
  handOver(back: number): void {
    const takenTo = this.runtime.intake.takenTo ?? this.log.length;
    const from = Math.max(0, takenTo - back);
    const to = this.log.length;
    const events = this.log.slice(from, to);
    this.runtime.take({ epoch: EPOCH, from, to, filter: EVERYTHING, events });
  }

  /** Resolves once nothing moves any more but what the test has to answer. */
  async quiet(): Promise<void> {
    for (let still = 0; still < 3;) {
      const before = this.#calls;
      await scheduler.wait(0);
      still = this.#calls === before ? still + 1 : 0;
    }
  }

  /** Answers the request at a place, if there is one. */
  async answer(place: number, outcome: AttemptOutcome): Promise<void> {
    const sent = this.sent[place % Math.max(1, this.sent.length)];
    if (sent === undefined) return;
    if (outcome.type === "answered" && outcome.status < 300) this.accepted.add(sent.id);
    sent.answer(outcome);
    await this.quiet();
  }

  #begin(): WebhookRuntime {
    const kept = readMeta(this.sql, "endpoint", EndpointSchema);
    if (kept === null) throw new Error("the endpoint was not kept");
    return new WebhookRuntime(
      {
        storage: this.#storage,
        keys: this.keys,
        channel: () => this.#channel(),
        problemWith: () => Promise.resolve(this.problem),
        post: (request) => this.#post(request),
        now: () => this.now,
        random: () => 0.5,
        bytes: (count) => this.#bytes(count),
        wakeAt: (at, isBusy) => {
          this.#calls += 1;
          this.wakeAt = at;
          this.isBusy = isBusy;
        },
        orphaned: () => this.broken.push("it took itself for an orphan"),
      },
      kept,
    );
  }

  #post({ url, headers, body }: Outbound): Promise<Exchange> {
    this.#calls += 1;
    const id = headers["webhook-id"] ?? "";
    this.#check(id, url, body ?? "", headers);
    return new Promise((resolve) => {
      const sent: Sent = {
        id,
        url,
        headers,
        body: body ?? "",
        answer: (outcome) => {
          this.sent = this.sent.filter((each) => each !== sent);
          resolve(exchangeOf(outcome));
        },
      };
      this.sent.push(sent);
    });
  }

  /** What must hold whenever something leaves. */
  #check(id: string, url: string, body: string, headers: Readonly<Record<string, string>>): void {
    const { endpoint: now } = this.runtime;
    if (!now.enabled) this.broken.push(`${id} was sent to a disabled endpoint`);
    if (now.url !== url) this.broken.push(`${id} was sent to an old address`);
    if (this.sent.some((each) => each.id === id)) this.broken.push(`${id} is under way twice`);
    const before = this.bodies.get(id);
    if (before !== undefined && before !== body) this.broken.push(`${id} says something else now`);
    this.bodies.set(id, body);
    const signatures = (headers["webhook-signature"] ?? "").split(" ");
    if (signatures.length !== 2 * this.keys.shown(this.now).length) {
      this.broken.push(`${id} is not signed with every key`);
    }
    const [row] = this.sql
      .exec<{ number: number; lane: string; due_at: number }>(
        "SELECT number, lane, due_at FROM deliveries WHERE message_id = ? AND status = 'pending'",
        id,
      )
      .toArray();
    if (row === undefined) return void this.broken.push(`${id} was sent though it does not wait`);
    if (row.due_at > this.now) this.broken.push(`${id} was sent early`);
    if (now.ordering === "channel" && row.lane === "live") this.#checkOrder(id, row.number);
    if (now.ordering === "channel" && row.lane !== "urgent" && this.sent.length > 0) {
      this.broken.push(`${id} was sent beside another`);
    }
  }

  #checkOrder(id: string, number: number): void {
    const earlier = this.sql
      .exec<{ message_id: string | null }>(
        `SELECT message_id FROM deliveries
         WHERE number < ? AND lane = 'live' AND status = 'pending'`,
        number,
      )
      .toArray();
    for (const { message_id: before } of earlier) {
      if (before === null || !this.accepted.has(before)) {
        this.broken.push(`${id} was sent before ${before}`);
      }
    }
  }

  #channel(): WebhookChannelCalls {
    this.#calls += 1;
    return {
      attachWebhook: () => Promise.resolve({ cursor: this.log.length }),
      detachWebhook: () => Promise.resolve(),
      webhookIds: () => Promise.resolve([]),
      nameWebhook: (_request, id) => Promise.resolve(id),
      resumeWebhook: () => Promise.resolve(),
      noteWebhook: () => Promise.resolve(true),
      logPage: (_epoch, after, filter) => {
        if (this.isChannelGone) return Promise.resolve(null);
        const page = this.log.slice(after, after + 7);
        const events = page.filter((event) => matches(filter, event));
        const head = this.log.length;
        return Promise.resolve({ events, from: after, seenTo: after + page.length, head });
      },
    };
  }

  #bytes(count: number): Uint8Array<ArrayBuffer> {
    return crypto.getRandomValues(new Uint8Array(count));
  }
}

function exchangeOf(outcome: AttemptOutcome): Exchange {
  const answer =
    outcome.type === "answered"
      ? { status: outcome.status, headers: {}, body: "", bodyBytes: 0, bodyCut: false }
      : null;
  return { outcome, detail: null, answer, headersMs: 1, endMs: 2 };
}

function endpoint(now: number): Endpoint {
  return {
    id: "wh_model",
    channel: "model",
    channelNumber: 1,
    epoch: EPOCH,
    url: "https://one.example/hook",
    ...EVERYTHING,
    types: [],
    providers: [],
    platforms: [],
    ordering: "none",
    batch: null,
    ratePerSecond: null,
    handshake: "none",
    origin: "relay.example",
    enabled: true,
    disabledReason: null,
    createdAt: now,
    updatedAt: now,
  };
}
