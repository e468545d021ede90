import type { Service } from "../kit/emulation.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { InteractiveSyncAction, InteractiveSyncOwnAction } from "./actions.ts";
import { Books } from "./books.ts";
import { Channels, usualUser } from "./channels.ts";
import { Emits } from "./emits.ts";
import { Games } from "./games.ts";
import { interactiveSyncGarbage } from "./garbage.ts";
import { type InteractiveSyncKnobs, usualKnobs } from "./knobs.ts";
import { readRecorded } from "./recorded.ts";
import type { InteractiveSyncReport } from "./report.ts";
import { Viewers } from "./viewers.ts";

type ActionOf<Name extends InteractiveSyncAction["action"]> = Extract<
  InteractiveSyncAction,
  { action: Name }
>;

export class InteractiveSyncService implements Service<
  InteractiveSyncOwnAction,
  InteractiveSyncReport
> {
  readonly garbage = interactiveSyncGarbage;
  readonly #stage: Stage;
  readonly #channels = new Channels();
  readonly #books = new Books();
  readonly #knobs = usualKnobs();
  readonly #games: Games;
  readonly #emits: Emits;
  readonly #viewers: Viewers;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#games = new Games(stage, this.#channels, this.#books, this.#knobs);
    this.#emits = new Emits(stage, this.#channels, this.#knobs, (line) =>
      this.#games.channelIdOf(line),
    );
    this.#viewers = new Viewers(this.#channels, this.#books, this.#knobs, (type, payload, id) =>
      this.#stage.say(this.#emits.emit(type, payload, id)),
    );
  }

  /** A dial is always taken: what is wrong with it is said on the socket. */
  admit(): null {
    return null;
  }

  greet(line: Line): void {
    this.#games.greet(line);
  }

  hear(line: Line, text: string): void {
    this.#games.hear(line, text);
  }

  isSubscribed(line: Line): boolean {
    return this.#games.channelIdOf(line) !== null;
  }

  /** The service reads a token at the dial only, and has no words for what comes later. */
  expel(line: Line): void {
    void line.cut();
  }

  message(text: string): Utterance {
    return this.#emits.input({ values: { text } });
  }

  perform(action: InteractiveSyncOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    switch (action.action) {
      case "burst":
        return this.#emits.burst(action, signal);
      case "input":
        return this.#say(this.#emits.input(action));
      case "mouse": {
        const { action: _action, ...spec } = action;
        return this.#say(this.#emits.mouse(spec));
      }
      case "frames":
        return this.#replay(action, signal);
      case "user":
        this.#channels.give(action.token, action);
        return {};
      case "knobs":
        return this.#turn(action);
    }
  }

  answer(question: HttpQuestion): HttpAnswer | null {
    return this.#viewers.answer(question);
  }

  counts(): Record<string, number> {
    return this.#books.counts();
  }

  report(): InteractiveSyncReport {
    return { channels: this.#channels.report(), ...this.#books.report() };
  }

  #say(utterance: Utterance): Outcome {
    return { heard: this.#stage.say(utterance), keys: keysOf(utterance) };
  }

  /** What was an emit is one again, with a place in the truth; anything else goes as it stands. */
  async #replay(
    { frames, everyMs = 0, channelId = usualUser.channelId }: ActionOf<"frames">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const keys: string[] = [];
    const recorded = readRecorded(frames);
    for (const [at, { text, emit }] of recorded.entries()) {
      if (at > 0 && everyMs > 0) {
        await this.#stage.pause(everyMs, signal);
      }
      if (emit === null) {
        for (const line of this.#stage.openLines) {
          line.send(text);
        }
      } else {
        const utterance = this.#emits.emit(emit.type, emit.payload, channelId);
        this.#stage.say(utterance);
        keys.push(...keysOf(utterance));
      }
    }
    return { heard: this.#stage.openLines.length > 0, keys, count: recorded.length };
  }

  #turn({ action: _action, ...knobs }: InteractiveSyncKnobs & { action: "knobs" }): Outcome {
    Object.assign(this.#knobs, knobs);
    if (knobs.pingIntervalMs !== undefined) {
      this.#games.beatAnew();
    }
    return {};
  }
}
