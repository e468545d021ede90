/*
 * The channel's events as Server-Sent Events, made into the frames of a socket: where something in
 * between lets no socket through. Loaded when it is needed.
 */
import type { Failure } from "./errors.ts";
import type { Position, StreamEvent } from "./event-types.ts";
import type { Connection } from "./events.ts";
import type { Command, Frame } from "./frames.ts";
import type { Http } from "./http.ts";
import type { WireEvents } from "./socket.ts";
import type { Gap, HistoryPage } from "./types.ts";

/** Reads a stream to its end. */
export async function readStream(
  http: Http,
  query: object,
  tell: WireEvents,
  signal: AbortSignal,
): Promise<void> {
  const response = await http.open("/stream", { query, signal });
  const [connections, newest] = await Promise.all([
    http.ask<{ data: readonly Connection[] }>("/connections", { signal }),
    http.ask<HistoryPage>("/events", { query: { limit: 1 }, signal }),
  ]);
  const position = newest.events[0]?.id ?? null;
  tell.frame({ type: "hello", position, connections: connections.data });
  const reader = new BlockReader();
  const decoder = new TextDecoder();
  let at: Position | null = null;
  const body = response.body?.getReader();
  for (;;) {
    const { done = true, value } = (await body?.read()) ?? {};
    if (done || signal.aborted) break;
    for (const block of reader.read(decoder.decode(value, { stream: true }))) {
      const frame = toFrame(block, at);
      at = block.id ?? at;
      if (frame !== null) tell.frame(frame);
    }
  }
  if (!signal.aborted) tell.closed(1006);
}

const POSTS_MAX = 5;
const POST_AGAIN_MS = 1_000;

/** Asks a command by a request, again where there was no answer: it has a name. */
export async function postCommand(
  http: Http,
  command: Command,
  pause: (ms: number) => Promise<void>,
): Promise<unknown> {
  const { type, ...content } = command;
  const [path, asked] =
    type === "send"
      ? ["/messages", { method: "POST", body: content }]
      : ["/interface", { method: "PUT", body: command.interface }];
  for (let posts = 1; ; posts++) {
    try {
      return await http.ask(path, asked);
    } catch (error) {
      // It is thrown on once it is for good: the relay has refused it, or never answers.
      if ((error as Failure).status !== null || posts === POSTS_MAX) throw error;
      await pause(POST_AGAIN_MS * posts);
    }
  }
}

/** A block of a stream. */
export interface Block {
  readonly id?: Position;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
}

/** Cuts a stream's text into blocks, wherever it was cut on the way. */
export class BlockReader {
  #rest = "";
  #fields = new Map<string, string>();
  #hasReturn = false;

  /** The blocks that are whole with this piece of text. A beat is an empty one. */
  read(text: string): Block[] {
    const blocks: Block[] = [];
    // A line feed may be the second half of the last piece's end.
    const joined = this.#rest + (this.#hasReturn && text.startsWith("\n") ? text.slice(1) : text);
    this.#hasReturn = text.endsWith("\r");
    const lines = joined.split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        blocks.push(Object.fromEntries(this.#fields));
        this.#fields = new Map();
        continue;
      }
      const [name = "", value = ""] = line.split(/: ?(.*)/s, 2);
      const known = this.#fields.get(name);
      if (name === "") continue;
      this.#fields.set(name, known === undefined ? value : `${known}\n${value}`);
    }
    return blocks;
  }
}

/** The frame that a block stands for. */
export function toFrame({ id, event, data, retry }: Block, at: Position | null): Frame | null {
  if (id === undefined) {
    // The first says how soon to come back, another that this one will go.
    if (retry !== undefined && at !== null) return { type: "reconnect", afterMs: Number(retry) };
    return { type: "pong" };
  }
  if (data === undefined) return { type: "events", from: at ?? id, to: id, events: [] };
  if (event === "gap") return { type: "gap", ...(JSON.parse(data) as Omit<Gap, "filled">) };
  const events = [JSON.parse(data) as StreamEvent];
  return { type: "events", from: at ?? id, to: id, events };
}
