import { countAtOnce, type Lane, type Pace } from "../../delivery/agenda.ts";
import { computeSlotMs, type Endpoint } from "../../delivery/endpoint.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { PaceMark } from "./meta.ts";

/** The part of a webhook's object that keeping a pace needs. */
interface PaceHost {
  readonly storage: DurableObjectStorage;
  endpoint(): Endpoint;
  /** Deliveries a minute may be fewer than its owner asked for. */
  handshake(): { readonly perMinute: number | null };
}

// What is brought again goes at most so fast, and at half of an endpoint's own rate.
const RECOVERY_SLOT_MS = 10;

// A slot so long may outlast the instance, and is written down: an object is put away after some ten
// seconds of nothing to do.
const KEPT_SLOT_MS = 5_000;

/** When the next delivery may leave: an endpoint is sent to no faster than it wants. */
export class WebhookPace {
  readonly #host: PaceHost;
  #slotAt: number;
  #recoverySlotAt = 0;

  constructor(host: PaceHost) {
    this.#host = host;
    this.#slotAt = readMeta(host.storage.sql, "pace", PaceMark)?.slotAt ?? 0;
  }

  /** The endpoint has changed: what it was paced by before does not hold. */
  reset(): void {
    this.#slotAt = 0;
    this.#recoverySlotAt = 0;
    writeMeta(this.#host.storage.sql, "pace", { slotAt: 0 });
  }

  /** A delivery leaves: the next of its lane has to wait for its slot. */
  take(lane: Lane, now: number): void {
    const slot = this.#slotMs;
    if (lane !== "urgent") this.#slotAt = now + slot;
    if (lane !== "urgent" && slot >= KEPT_SLOT_MS) {
      writeMeta(this.#host.storage.sql, "pace", { slotAt: this.#slotAt });
    }
    if (lane === "recovery") this.#recoverySlotAt = now + Math.max(RECOVERY_SLOT_MS, 2 * slot);
  }

  at(now: number): Pace {
    const slot = this.#slotMs;
    // A clock that went back must not make anything wait longer.
    this.#slotAt = Math.min(this.#slotAt, now + slot);
    const recoverySlot = Math.max(RECOVERY_SLOT_MS, 2 * slot);
    this.#recoverySlotAt = Math.min(this.#recoverySlotAt, now + recoverySlot);
    return {
      slotAt: this.#slotAt,
      recoverySlotAt: this.#recoverySlotAt,
      atOnce: countAtOnce(this.#host.endpoint().ordering),
    };
  }

  get #slotMs(): number {
    return computeSlotMs(this.#host.endpoint().ratePerSecond, this.#host.handshake().perMinute);
  }
}
