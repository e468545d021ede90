import type { Line } from "../kit/line.ts";
import type { Stage } from "../kit/stage.ts";
import type { Knobs } from "./knobs.ts";

/** Pings of the WebSocket protocol itself, and the end of who does not answer them. */
export class Heart {
  /** The sockets that were ended for want of a pong. */
  readonly lapsed: number[] = [];
  pongs = 0;
  readonly #stage: Stage;
  readonly #knobs: Readonly<Knobs>;
  readonly #deadlines = new WeakMap<Line, NodeJS.Timeout>();

  constructor(stage: Stage, knobs: Readonly<Knobs>) {
    this.#stage = stage;
    this.#knobs = knobs;
  }

  start(line: Line): void {
    line.onPong(() => {
      this.pongs += 1;
      this.#awaitPong(line);
      this.#stage.changed();
    });
    this.#beat(line);
  }

  /** To be called when the times have changed. */
  restart(): void {
    for (const line of this.#stage.openLines) {
      this.#beat(line);
    }
  }

  #beat(line: Line): void {
    line.beat(this.#knobs.pingMs, () => {
      if (this.#stage.silence !== "everything") {
        line.ping("");
      }
    });
    this.#awaitPong(line);
  }

  #awaitPong(line: Line): void {
    clearTimeout(this.#deadlines.get(line));
    const deadline = setTimeout(() => void this.#giveUp(line), this.#knobs.pongTimeoutMs);
    this.#deadlines.set(line, deadline.unref());
  }

  async #giveUp(line: Line): Promise<void> {
    if (!line.isOpen) {
      return;
    }
    // Who was not pinged has nothing to answer.
    if (this.#stage.silence === "everything") {
      this.#awaitPong(line);
      return;
    }
    this.lapsed.push(line.number);
    await line.cut();
    this.#stage.changed();
  }
}
