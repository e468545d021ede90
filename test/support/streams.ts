import { exports } from "cloudflare:workers";

import { ADMIN, ORIGIN } from "./api.ts";

/** A block of a stream, by its fields. */
export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
}

/** Reads a stream's blocks, as an EventSource would. */
export class StreamReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(response: Response) {
    if (response.body === null) throw new Error("no stream");
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  async next(): Promise<Block> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return Object.fromEntries(
          block
            .split("\n")
            .filter((line) => !line.startsWith(":"))
            .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
        );
      }
      const { done, value } = await this.#reader.read();
      if (done) throw new Error("the stream ended");
      this.#text += value;
    }
  }

  async nextEvent(): Promise<Block> {
    for (;;) {
      const block = await this.next();
      if (block.data !== undefined) return block;
    }
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** Opens a channel's stream. */
export async function openStream(
  channel: string,
  query = "",
  headers: Record<string, string> = {},
): Promise<StreamReader> {
  const response = await exports.default.fetch(`${ORIGIN}/v1/channels/${channel}/stream${query}`, {
    headers: { authorization: `Bearer ${ADMIN}`, ...headers },
  });
  if (response.status !== 200) throw new Error(await response.text());
  return new StreamReader(response);
}
