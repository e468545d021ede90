import { env } from "cloudflare:workers";

import { formatWebhookName } from "../../src/calls/webhook.ts";
import { call } from "./api.ts";
import { ownSlot } from "./slot.ts";

/** How a request is answered; see the receiver. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly fault?:
    | "silent"
    | "drip"
    | "stall"
    | "flood"
    | "reset"
    | "cut"
    | "garble"
    | "unread"
    | "shut";
  readonly delayMs?: number;
}

export interface Received {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly at: number;
}

/** A webhook as the API shows it. */
export interface ShownWebhook {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly publicKey: string;
  readonly enabled: boolean;
  readonly health: {
    readonly state: string;
    readonly pending: number;
    readonly reason: string | null;
  };
}

export interface ShownAttempt {
  readonly number: number;
  readonly at: string;
  readonly trigger: string;
  readonly class: string;
  readonly reason: string;
  readonly why: string;
  readonly nextAttemptAt: string | null;
  readonly request: { headers: Record<string, string> };
  readonly response: {
    status: number;
    headers: Record<string, string>;
    body: string;
    bytes: number;
    cut: boolean;
  } | null;
  readonly headersMs: number | null;
  readonly endMs: number | null;
}

export interface ShownDelivery {
  readonly id: string;
  readonly kind: string;
  readonly messageId: string | null;
  readonly status: string;
  readonly why: string | null;
  readonly eventIds: readonly string[];
  readonly attempts: readonly ShownAttempt[];
}

let hooks = 0;

/** A receiver's hook that no other test has, outside the runtime. */
export class Hook {
  readonly url: string;
  readonly #control: string;

  constructor() {
    hooks += 1;
    const name = `hook-${hooks}-${crypto.randomUUID().slice(0, 8)}`;
    const { receiver } = ownSlot();
    this.url = `${receiver}/hooks/${name}`;
    this.#control = `${receiver}/__receiver/${name}`;
  }

  /** The answers to come, the last one for all that follow. */
  async reply(...replies: Reply[]): Promise<void> {
    await fetch(this.#control, { method: "PUT", body: JSON.stringify(replies) });
  }

  /** What it got, once there are so many. */
  async until(count: number): Promise<Received[]> {
    return (await this.#ask(count)).received;
  }

  async written(): Promise<number> {
    return (await this.#ask(0)).written;
  }

  async #ask(count: number): Promise<{ received: Received[]; written: number }> {
    const response = await fetch(`${this.#control}?count=${count}`);
    return response.json();
  }

  /** Has a channel send to it, and waits until it was greeted. */
  async attach(channel: string, settings: Record<string, unknown> = {}): Promise<ShownWebhook> {
    const { status, body } = await call<ShownWebhook>("POST", `/channels/${channel}/webhooks`, {
      url: this.url,
      ...settings,
    });
    if (status !== 201) throw new Error(`no webhook: ${JSON.stringify(body)}`);
    if (settings["enabled"] !== false) await this.until(1);
    return body;
  }
}

/** What a webhook's deliveries have come to, newest first, without the greeting. */
export async function deliveriesOf(channel: string, id: string): Promise<ShownDelivery[]> {
  const path = `/channels/${channel}/webhooks/${id}/deliveries`;
  const { body } = await call<{ data: { id: string; kind: string }[] }>("GET", path);
  const events = body.data.filter(({ kind }) => kind === "event");
  return Promise.all(
    events.map(async (each) => (await call<ShownDelivery>("GET", `${path}/${each.id}`)).body),
  );
}

/** Resolves once a webhook's deliveries are as it is asked for; newest first. */
export async function delivered(
  channel: string,
  id: string,
  isMet: (deliveries: readonly ShownDelivery[]) => boolean,
): Promise<readonly ShownDelivery[]> {
  return until(() => deliveriesOf(channel, id), isMet);
}

/** Asks again and again, until it is as it is asked for. */
export async function until<T>(ask: () => Promise<T>, isMet: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isMet(answer)) return answer;
    await scheduler.wait(20);
  }
}

/** The webhook as the API shows it. */
export async function shown(channel: string, id: string): Promise<ShownWebhook> {
  return (await call<ShownWebhook>("GET", `/channels/${channel}/webhooks/${id}`)).body;
}

/** The texts of the events that requests brought, in the order they came; without tests. */
export function textsIn(received: readonly Received[]): unknown[] {
  return received.flatMap(({ body }) => {
    const read = JSON.parse(body) as Brought | Brought[];
    return (Array.isArray(read) ? read : [read])
      .filter(({ test }) => test !== true)
      .map(({ data }) => data.text ?? data.message?.text);
  });
}

interface Brought {
  readonly test?: boolean;
  readonly data: { readonly text?: string; readonly message?: { readonly text: string } };
}

/** A webhook's own object. */
export async function webhookObject(channel: string, id: string) {
  const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
  return env.WEBHOOK.getByName(formatWebhookName(body.number, id));
}
