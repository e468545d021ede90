import type { StartedRelay } from "./relay.ts";

export interface Block {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A stream's events, as they are taken. */
export interface StreamReader {
  take(count: number): Promise<Block[]>;
  /** Where to resume: the last id that came. */
  lastId(): string;
  cancel(): Promise<void>;
}

export async function readStream(
  relay: StartedRelay,
  path: string,
  headers: Record<string, string> = {},
): Promise<StreamReader> {
  const response = await fetch(`${relay.url}/v1${path}`, {
    headers: { authorization: `Bearer ${relay.key}`, ...headers },
  });
  if (!response.ok || response.body === null) throw new Error(await response.text());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let last = "";
  const next = async (): Promise<Block> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end === -1) {
        const { done, value } = await reader.read();
        if (done) throw new Error("the stream ended");
        text += value;
        continue;
      }
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string): string =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
      if (field("id") !== "") last = field("id");
      if (field("data") !== "") return { id: last, event: field("event"), data: field("data") };
    }
  };
  return {
    async take(count) {
      const blocks: Block[] = [];
      while (blocks.length < count) blocks.push(await next());
      return blocks;
    },
    lastId: () => last,
    cancel: () => reader.cancel(),
  };
}
