import { within } from "../../deadline.ts";
import type { Endpoint } from "../../delivery/endpoint.ts";
import { publishKey } from "../../store/history/webhook-keys.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import type { Errands } from "../errands.ts";
import { makeWebhookErrand, type WebhookErrand } from "./errands.ts";
import { toX, type MadeKey, type WebhookKeys } from "./keys.ts";

/** The part of a webhook's object that making a key needs. */
interface KeyMakerHost {
  readonly storage: DurableObjectStorage;
  readonly db: D1Database;
  /** Null where there is no endpoint any more. */
  keys(): WebhookKeys | null;
  errands(): Errands<WebhookErrand>;
}

// A database that has not taken a key by then is away.
const PUBLISH_MS = 10_000;

/** Makes the keys that deliveries are signed with: each is published before it is used. */
export class WebhookKeyMaker {
  readonly #host: KeyMakerHost;
  #making: Promise<unknown> = Promise.resolve();

  constructor(host: KeyMakerHost) {
    this.#host = host;
  }

  /**
   * Resolves once no key is being made: what is published and what is used can be compared then.
   */
  get settled(): Promise<unknown> {
    return this.#making;
  }

  /** The key of a new webhook: the one it has already, where it was asked for before. */
  async makeFirst(endpoint: Endpoint, now: number): Promise<MadeKey> {
    const keys = this.#host.keys();
    const known = (await keys?.shownAgain(keys.current?.id ?? null)) ?? null;
    return known ?? this.make(endpoint, now, now, null);
  }

  /** A new key; those before it hold for a while. */
  async make(
    endpoint: Endpoint,
    othersUntil: number,
    now: number,
    request: string | null,
  ): Promise<MadeKey> {
    const errands = this.#host.errands();
    // Whatever is lost from here on: what is published agrees with what is used in the end.
    errands.put([makeWebhookErrand("keys-agree", endpoint)]);
    errands.changed();
    const making = this.#publish(endpoint, othersUntil, now, request);
    this.#making = making.catch(() => {
      // Reported by whoever asked for the key: this is only to know when it has ended.
    });
    try {
      return await making;
    } finally {
      await errands.run();
    }
  }

  async #publish(
    endpoint: Endpoint,
    othersUntil: number,
    now: number,
    request: string | null,
  ): Promise<MadeKey> {
    const { storage, db } = this.#host;
    const keys = this.#host.keys();
    if (keys === null) throw new Error("there is no webhook");
    const { id: webhook, channelNumber: channel } = endpoint;
    const made = await keys.make(webhook, now);
    const { id, publicKey } = made.record;
    const key = { id, channel, webhook, x: toX(publicKey), createdAt: now };
    await within(PUBLISH_MS, publishKey(db, key));
    // The webhook may have gone while its key was published.
    if (this.#host.keys() !== keys) throw new Error("there is no webhook");
    // While it was published the same request may have come a second time, and been the first.
    const other = await keys.shownAgain(findMade(storage.sql, request));
    if (other !== null) return other;
    keys.adopt(made.record, othersUntil, now);
    putMade(storage.sql, request, id, now);
    return made;
  }
}
