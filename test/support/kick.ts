import { exports } from "cloudflare:workers";

import { call, makeChannel, ORIGIN } from "./api.ts";
import type { ShownEvent } from "./api.ts";
import { ownSlot } from "./slot.ts";
import { connect, type TestSocket } from "./sockets.ts";

/** A delivery as the emulated Kick makes it. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Truth {
  readonly asked: readonly string[];
  readonly subscriptions: readonly { id: string; event: string; broadcaster_user_id: number }[];
  readonly posted: readonly { content: string; replyTo: string | null; token: string }[];
}

async function control<T>(verb: string, body?: unknown): Promise<T> {
  const response = await fetch(`${ownSlot().kick}/__emulator/${verb}`, {
    method: "POST",
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`emulator: ${await response.text()}`);
  return response.json();
}

/** The emulated Kick, outside the runtime, by its control plane. */
export const kick = {
  reset: (): Promise<Truth> => control("reset"),
  do: (...actions: Record<string, unknown>[]): Promise<Truth> => control("do", actions),
  truth: (): Promise<Truth> => control("truth"),
  /** Something happens; answers the deliveries of it. */
  happen: (what: Record<string, unknown>): Promise<readonly Delivery[]> => control("happen", what),
  /** The same, of which there is one delivery. */
  async delivery(what: Record<string, unknown>): Promise<Delivery> {
    const [delivery] = await kick.happen({ isUnasked: true, ...what });
    if (delivery === undefined) throw new Error("nothing is delivered");
    return delivery;
  },
};

/** Delivers to the relay; answers its status. */
export async function deliver(
  { headers: told, body }: Delivery,
  path = "/hooks/kick",
  from?: string,
): Promise<number> {
  const headers = { ...told, ...(from !== undefined && { "cf-connecting-ip": from }) };
  const response = await exports.default.fetch(ORIGIN + path, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

/** A channel that is linked to a channel of Kick's, with a client that keeps all it hears. */
export class KickListener {
  readonly channel: string;
  readonly provider: string;
  readonly events: ShownEvent[] = [];
  readonly #socket: TestSocket;

  private constructor(channel: string, provider: string, socket: TestSocket) {
    this.channel = channel;
    this.provider = provider;
    this.#socket = socket;
  }

  static async to(slug: string, settings: Record<string, unknown> = {}): Promise<KickListener> {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    const link = { protocol: "kick", target: { channel: slug }, ...settings };
    const made = await call<{ id: string }>("POST", `/channels/${channel}/providers`, link);
    if (made.status !== 201) throw new Error(`not linked: ${JSON.stringify(made.body)}`);
    return new KickListener(channel, made.body.id, socket);
  }

  /** Resolves once something of all that was heard holds. */
  async until(isMet: (events: readonly ShownEvent[]) => boolean): Promise<void> {
    while (!isMet(this.events)) this.events.push(...(await this.#socket.events(1)));
  }

  /** Resolves once the connection map says so of the channel, as an event. */
  untilConnection(state: Record<string, unknown>): Promise<void> {
    return this.until((events) => {
      const told = events.filter(({ type }) => type === "connection.updated").at(-1)?.data ?? {};
      return Object.entries(state).every(([name, value]) => told[name] === value);
    });
  }

  /** The texts of what was said, as the log has it. */
  async said(): Promise<unknown[]> {
    const path = `/channels/${this.channel}/events?types=chat.message&order=asc`;
    const { body } = await call<{ events: ShownEvent[] }>("GET", path);
    return body.events.map(({ data }) => (data["message"] as { text: string }).text);
  }

  async end(): Promise<void> {
    await call("DELETE", `/channels/${this.channel}`);
  }
}
