import { WebSocket as Ws } from "ws";

import {
  Tributary,
  type Channel,
  type ChannelEventMap,
  type StreamEvent,
  type TributaryOptions,
  type WebSocketConstructor,
} from "../../../src/client/index.ts";
import type { StartedRelay } from "./relay.ts";

/** Time as it is, and little chance: what waits by chance is dialled soon. */
export const PROMPT = {
  now: () => Date.now(),
  random: () => 0.1,
  setTimer(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The SDK, talking to a relay that was started. */
export function connectTo(relay: StartedRelay, options: TributaryOptions = {}): Tributary {
  return new Tributary({ url: relay.url, auth: relay.key, clock: PROMPT, ...options });
}

/** Notes all that is heard of a channel, in order. */
export class Notes {
  readonly ids: string[] = [];
  readonly states: string[] = [];
  readonly gaps: ChannelEventMap["gap"][] = [];
  readonly errors: unknown[] = [];
  readonly #waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  /** Listens to a channel, after others it may have listened to. */
  listen(channel: Channel): void {
    channel.addEventListener("state", ({ detail }) => {
      this.states.push(detail.to.name);
      this.#look();
    });
    channel.addEventListener("gap", ({ detail }) => {
      this.gaps.push(detail);
      this.#look();
    });
    channel.addEventListener("error", ({ detail }) => this.errors.push(detail));
    channel.on(["custom.*", "chat.message"], (event) => this.note(event));
  }

  note({ id }: StreamEvent): void {
    this.ids.push(id);
    this.#look();
  }

  /** Resolves as soon as something holds; it is looked at whenever something is heard. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ isMet, resolve });
    });
  }

  /** Is the last that was heard this one, or one after it? */
  async untilHeard(id: string): Promise<void> {
    await this.until(() => this.ids.at(-1) === id);
  }

  #look(): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.isMet()) waiting.resolve();
      else this.#waiting.push(waiting);
    }
  }
}

/** Says things on a channel, as fast as the relay takes them. */
export class Burst {
  /** Everything that the relay said it has, in order. */
  readonly ids: string[] = [];
  readonly #channel: Channel;
  #said = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Posts lines of chat, which may be left out for a slow reader; answers the last one's id. */
  async chat(count: number, { size = 0, atOnce = 100 } = {}): Promise<string> {
    const user = { key: "api:1", id: "1", name: "a", roles: [], badges: [], anonymous: false };
    for (let left = count; left > 0; left -= atOnce) {
      const events = Array.from({ length: Math.min(atOnce, left) }, () => {
        const text = `${(this.#said += 1)} ${"x".repeat(size)}`;
        const fragments = [{ type: "text", text }];
        const message = { text, fragments, action: false, highlighted: false, first: false };
        return { type: "chat.message" as const, data: { user, message } };
      });
      this.ids.push(...(await this.#channel.post(events)));
    }
    return this.ids.at(-1) ?? "";
  }

  /** Posts so many; answers the last one's id. */
  async post(count: number, size = 0): Promise<string> {
    const padding = "x".repeat(size);
    for (let left = count; left > 0; left -= 100) {
      const events = Array.from({ length: Math.min(100, left) }, () => ({
        type: "custom.note" as const,
        data: { n: (this.#said += 1), padding },
      }));
      this.ids.push(...(await this.#channel.post(events)));
    }
    return this.ids.at(-1) ?? "";
  }
}

/** A WebSocket whose reading can be stopped, as by a page that hangs. */
export class StallingSocket extends Ws {
  static readonly all = new Set<StallingSocket>();

  constructor(url: string | URL, protocols?: string[]) {
    super(url, protocols);
    StallingSocket.all.add(this);
    this.once("close", () => StallingSocket.all.delete(this));
  }

  static asConstructor(): WebSocketConstructor {
    return StallingSocket as unknown as WebSocketConstructor;
  }

  static stallAll(): void {
    for (const each of this.all) each.pause();
  }

  static resumeAll(): void {
    for (const each of this.all) if (each.isPaused) each.resume();
  }
}

/** A WebSocket that nothing lets through. */
export class BlockedSocket extends EventTarget {
  readonly readyState = 0;

  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event("error")));
  }

  send(): void {}

  close(): void {}

  static asConstructor(): WebSocketConstructor {
    return BlockedSocket as unknown as WebSocketConstructor;
  }
}
