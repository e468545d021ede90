import type { Endpoint } from "../../delivery/endpoint.ts";
import { makeHandshakeHeaders, readHandshakeAnswer } from "../../delivery/handshake.ts";
import { waitAfter } from "../../delivery/schedule.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import type { Exchange, Outbound } from "./http.ts";
import { Handshake } from "./meta.ts";

export interface ConsentHost {
  readonly storage: DurableObjectStorage;
  endpoint(): Endpoint;
  /** Why an address must not be sent to; null if it may. */
  problemWith(url: string): Promise<string | null>;
  post(request: Outbound): Promise<Exchange>;
  now(): number;
  random(): number;
}

/** Asks an endpoint that wants to be asked whether it may be sent to, before anything is sent. */
export class WebhookHandshake {
  readonly #host: ConsentHost;
  #handshake: Handshake;
  #isAsking = false;

  constructor(host: ConsentHost) {
    this.#host = host;
    this.#handshake = readMeta(host.storage.sql, "handshake", Handshake) ?? NOT_ASKED;
  }

  get state(): { isGiven: boolean; perMinute: number | null; detail: string | null } {
    if (this.#host.endpoint().handshake === "none") {
      return { isGiven: true, perMinute: null, detail: null };
    }
    const { state, perMinute, detail } = this.#handshake;
    return { isGiven: state === "given", perMinute, detail };
  }

  /** When to ask; null: it has answered, need not be asked, or is being asked. */
  get dueAt(): number | null {
    const { handshake, enabled } = this.#host.endpoint();
    if (handshake === "none" || !enabled || this.#isAsking) return null;
    return this.#handshake.state === "pending" ? this.#handshake.dueAt : null;
  }

  /** It is another endpoint now: what was said before does not hold. */
  reset(): void {
    this.#save(NOT_ASKED);
  }

  /** Asks once. Never throws. */
  async ask(): Promise<void> {
    const asked = this.#host.endpoint();
    const { url, origin, ratePerSecond } = asked;
    this.#isAsking = true;
    const headers = makeHandshakeHeaders(origin, ratePerSecond);
    const problem = await this.#host.problemWith(url);
    const { answer, detail } =
      problem === null
        ? await this.#host.post({ method: "OPTIONS", url, headers, body: null })
        : { answer: null, detail: `The address ${problem}.` };
    this.#isAsking = false;
    // It was changed in the meantime: this was not its answer.
    if (this.#host.endpoint().url !== url) return;
    const read =
      answer === null
        ? { isGiven: false as const, detail: detail ?? "It did not answer." }
        : readHandshakeAnswer(answer.status, answer.headers, origin);
    if (read.isGiven) {
      this.#save({ ...NOT_ASKED, state: "given", perMinute: read.perMinute });
      return;
    }
    const attempts = this.#handshake.attempts + 1;
    const wait = waitAfter(attempts, this.#host.random());
    this.#save({
      state: wait === null ? "refused" : "pending",
      perMinute: null,
      attempts,
      dueAt: this.#host.now() + (wait ?? 0),
      detail: read.detail,
    });
  }

  #save(handshake: Handshake): void {
    this.#handshake = handshake;
    writeMeta(this.#host.storage.sql, "handshake", handshake);
  }
}

const NOT_ASKED: Handshake = {
  state: "pending",
  perMinute: null,
  attempts: 0,
  dueAt: 0,
  detail: null,
};
