import type { Line } from "../kit/line.ts";
import type { Stage } from "../kit/stage.ts";
import type { Failure } from "./errors.ts";
import type { Knobs } from "./knobs.ts";
import { timestamp, ulid } from "./wire.ts";

/** What a command comes to: where it was done, or why it was not. */
export type Verdict =
  | { readonly text: string; readonly topic: string; readonly room: string | null }
  | Failure;

interface Held {
  readonly line: Line;
  readonly frame: string;
}

/** Words the answers to commands, and sends them when their time has come. */
export class Answers {
  readonly #stage: Stage;
  readonly #knobs: Readonly<Knobs>;
  readonly #held: Held[] = [];

  constructor(stage: Stage, knobs: Readonly<Knobs>) {
    this.#stage = stage;
    this.#knobs = knobs;
  }

  get heldCount(): number {
    return this.#held.length;
  }

  give(line: Line, nonce: string | null, verdict: Verdict): void {
    const { answers, answerDelayMs } = this.#knobs;
    const isAnonymous = "error" in verdict && verdict.isAnonymous === true;
    const frame = this.word(isAnonymous ? null : nonce, verdict);
    if (answers === "held") {
      this.#held.push({ line, frame });
    } else if (answers === "sent" && answerDelayMs === 0) {
      line.send(frame);
    } else if (answers === "sent") {
      setTimeout(() => line.send(frame), answerDelayMs).unref();
    }
    this.#stage.changed();
  }

  /** Sends what is held; says how many there were. */
  release(order: "asked" | "reversed"): number {
    const all = this.#held.splice(0);
    for (const { line, frame } of order === "asked" ? all : all.toReversed()) {
      line.send(frame);
    }
    this.#stage.changed();
    return all.length;
  }

  word(nonce: string | null, verdict: Verdict): string {
    const { generation, responseType, responseData } = this.#knobs;
    const isFailure = "error" in verdict;
    const message = isFailure ? verdict.message : verdict.text;
    const names = isFailure ? {} : { topic: verdict.topic, ...roomOf(verdict, generation) };
    return JSON.stringify({
      id: ulid(this.#stage.chance),
      ts: timestamp(),
      type: responseType,
      ...(nonce === null ? {} : { nonce }),
      ...(isFailure ? { error: verdict.error } : {}),
      data: responseData === "string" ? message : { message, ...names },
    });
  }
}

function roomOf({ room }: { room: string | null }, generation: Knobs["generation"]) {
  return generation === "document" || room === null ? {} : { room };
}
