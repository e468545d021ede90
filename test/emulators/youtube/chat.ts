import type { ServerResponse } from "node:http";

import { type Happening, type Item, writeItem } from "./items.ts";

/** How a stream's pieces are cut. */
export type Cutting = "whole" | "bytes";

interface Watcher {
  readonly response: ServerResponse;
  isFirst: boolean;
}

const byteMs = 1;

/** One broadcast with its chat. */
export class Chat {
  readonly videoId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly startedAt = Date.now();
  state: "upcoming" | "live" | "over" = "upcoming";
  endedAt: number | null = null;
  cutting: Cutting = "whole";
  /** A stream does not even begin before there is something to say. */
  isMute = false;
  /** Tokens made before this many are good no more. */
  #generation = 0;
  readonly #items: Item[] = [];
  readonly #watchers = new Set<Watcher>();
  /** One element is written after the other. */
  #writing: Promise<void> = Promise.resolve();
  #ids = 0;

  constructor(videoId: string, channelId: string) {
    this.videoId = videoId;
    this.channelId = channelId;
    this.chatId = `chat-of-${videoId}`;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Everybody who watches is told, and it is there for who asks later. */
  say(happening: Happening): string {
    this.#ids += 1;
    const id = happening.id ?? `LCC.${this.videoId}-${this.#ids}`;
    this.#items.push(writeItem(happening, id, this.chatId));
    for (const watcher of this.#watchers) {
      this.#write(watcher, this.page(this.#items.length - 1));
    }
    return id;
  }

  spoilTokens(): void {
    this.#generation += 1;
  }

  /** Where a token goes on; null for one that is no good. */
  readToken(token: string): number | null {
    const [, generation = "", place = ""] = /^GP(\d+)-(\d+)$/.exec(token) ?? [];
    return token !== "" && generation === String(this.#generation) ? Number(place) : null;
  }

  /** What there is from a place on, as a list is answered. */
  page(from: number, pollingIntervalMillis = 1_000): object {
    const items = this.#items.slice(from);
    return {
      kind: "youtube#liveChatMessageListResponse",
      etag: "an-etag",
      pollingIntervalMillis,
      pageInfo: { totalResults: items.length, resultsPerPage: items.length },
      nextPageToken: `GP${this.#generation}-${this.#items.length}`,
      items,
    };
  }

  /** Streams from a place on; without one, what there is comes first. */
  watch(response: ServerResponse, from: number | null): void {
    response.writeHead(200, { "content-type": "application/json; charset=UTF-8" });
    if (!this.isMute) {
      response.flushHeaders();
    }
    const watcher: Watcher = { response, isFirst: true };
    this.#watchers.add(watcher);
    response.once("close", () => this.#watchers.delete(watcher));
    if (from === null || from < this.#items.length) {
      this.#write(watcher, this.page(from ?? 0));
    }
  }

  /** Ends every stream: in order, with or without the array's end, or in the middle of an element. */
  async endStreams(how: "closed" | "open" | "cut"): Promise<void> {
    await this.#writing;
    for (const { response } of this.#watchers) {
      if (how === "cut") {
        // Half a character is the last of it.
        response.write(
          Buffer.concat([Buffer.from(',\n{"kind":"x","note":"'), Buffer.from("é")]).subarray(0, -1),
        );
        await new Promise((resolve) => setImmediate(resolve));
        response.destroy();
      } else {
        response.end(how === "closed" ? "\n]\n" : "");
      }
    }
    this.#watchers.clear();
  }

  #write(watcher: Watcher, page: object): void {
    const text = `${watcher.isFirst ? "[" : ",\n"}${JSON.stringify(page, null, 2)}`;
    watcher.isFirst = false;
    const { cutting } = this;
    this.#writing = this.#writing.then(() => writePieces(watcher.response, text, cutting));
  }
}

async function writePieces(
  response: ServerResponse,
  text: string,
  cutting: Cutting,
): Promise<void> {
  if (cutting === "whole") {
    response.write(text);
    return;
  }
  // Each byte of a character that has several comes by itself, and so does what an escape begins.
  const bytes = Buffer.from(text);
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80 && byte !== 0x5c) {
      continue;
    }
    response.write(bytes.subarray(from, at + 1));
    from = at + 1;
    await new Promise((resolve) => setTimeout(resolve, byteMs));
  }
  response.write(bytes.subarray(from));
}
