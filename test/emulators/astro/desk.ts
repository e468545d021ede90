import { keep } from "../kit/keep.ts";
import type { Line } from "../kit/line.ts";
import type { Stage } from "../kit/stage.ts";
import { Answers, type Verdict } from "./answers.ts";
import { failure, failureOfFlaw } from "./errors.ts";
import type { Knobs } from "./knobs.ts";
import type { HeardCommand } from "./report.ts";
import type { Rooms } from "./rooms.ts";
import { type Session, subscriptionKey } from "./session.ts";
import type { TopicRules } from "./topic-rules.ts";
import { type Generation, isTopicOf } from "./topics.ts";
import { type Command, type Flaw, isFlaw, readCommand } from "./wire.ts";

const keptReports = 10_000;

const tokenTypesOf: Readonly<Record<Generation, readonly string[]>> = {
  head: ["jwt", "oauth2", "apikey"],
  document: ["apikey", "jwt", "oauth"],
};
/** Real clients leave the type out with a token of this one. */
const usualTokenType = "jwt";

/** Where commands are read, judged, done and answered. */
export class Desk {
  readonly answers: Answers;
  readonly commands: HeardCommand[] = [];
  readonly violations: { readonly socket: number; readonly at: number }[] = [];
  commandCount = 0;
  rejectedCount = 0;
  violationCount = 0;
  readonly #stage: Stage;
  readonly #knobs: Readonly<Knobs>;
  readonly #rooms: Rooms;
  readonly #rules: TopicRules;

  constructor(stage: Stage, knobs: Readonly<Knobs>, rooms: Rooms, rules: TopicRules) {
    this.#stage = stage;
    this.#knobs = knobs;
    this.#rooms = rooms;
    this.#rules = rules;
    this.answers = new Answers(stage, knobs);
  }

  hear(line: Line, session: Session, text: string): void {
    const read = readCommand(text);
    const verdict = this.#judge(line, session, read);
    this.#note(line, read, verdict);
    if (verdict !== "ignored") {
      this.answers.give(line, read.nonce ?? null, verdict);
    }
  }

  #judge(line: Line, session: Session, read: Command | Flaw): Verdict | "ignored" {
    if (!this.#keepsPace(line, session) && this.#knobs.pacing === "refused") {
      return failure("rate_limit_exceeded");
    }
    if (isFlaw(read)) {
      return failureOfFlaw(this.#knobs.generation, read);
    }
    if (!isTopicOf(this.#knobs.generation, read.data.topic)) {
      return failure("err_bad_request", "unknown topic");
    }
    return read.type === "subscribe"
      ? this.#judgeSubscribe(line, session, read)
      : this.#unsubscribe(session, read);
  }

  #judgeSubscribe(line: Line, session: Session, command: Command): Verdict | "ignored" {
    const { generation, tokenTypes } = this.#knobs;
    const { topic, token, token_type: tokenType = usualTokenType } = command.data;
    if (!(tokenTypes ?? tokenTypesOf[generation]).includes(tokenType ?? usualTokenType)) {
      return failure("err_bad_request", "unknown token type");
    }
    if (!token || !this.#stage.gate.isGood(token)) {
      return failure("err_unauthorized");
    }
    const refused = this.#rules.take(topic, this.#rooms.canonical(command.data.room));
    return refused ?? this.#subscribe(line, session, command);
  }

  #subscribe(line: Line, session: Session, { data }: Command): Verdict {
    const { topic, token = null } = data;
    const room = this.#rooms.canonical(data.room);
    const key = subscriptionKey(topic, room);
    const { mostSubscriptions } = this.#knobs;
    if (
      mostSubscriptions !== null &&
      session.subscriptions.size >= mostSubscriptions &&
      !session.subscriptions.has(key)
    ) {
      return failure("err_bad_request", "limit exceeded");
    }
    line.token = token;
    const tokenType = data.token_type ?? usualTokenType;
    session.subscriptions.set(key, { topic, room, tokenType, isRestored: false });
    return { text: "successfully subscribed to topic", topic, room };
  }

  /** Needs no token. Without a room, the topic is dropped in all rooms. */
  #unsubscribe({ subscriptions }: Session, { data }: Command): Verdict {
    const { topic } = data;
    const room = data.room ? this.#rooms.canonical(data.room) : null;
    for (const [key, subscription] of subscriptions) {
      if (subscription.topic === topic && (room === null || subscription.room === room)) {
        subscriptions.delete(key);
      }
    }
    return { text: "successfully unsubscribed from topic", topic, room };
  }

  /** Within any window, no more commands than the burst. What is refused uses nothing up. */
  #keepsPace(line: Line, { commandsAt }: Session): boolean {
    const { commandBurst, commandWindowMs } = this.#knobs;
    const now = performance.now();
    while ((commandsAt[0] ?? now) <= now - commandWindowMs) {
      commandsAt.shift();
    }
    if (commandsAt.length < commandBurst) {
      commandsAt.push(now);
      return true;
    }
    this.violationCount += 1;
    keep(this.violations, { socket: line.number, at: Date.now() }, keptReports);
    return false;
  }

  #note(line: Line, read: Command | Flaw, verdict: Verdict | "ignored"): void {
    const command = isFlaw(read) ? null : read;
    const error = verdict === "ignored" ? verdict : "error" in verdict ? verdict.error : null;
    const { topic = null, room, token, token_type: tokenType } = command?.data ?? {};
    this.commandCount += 1;
    this.rejectedCount += error === null ? 0 : 1;
    keep(
      this.commands,
      {
        socket: line.number,
        type: command?.type ?? null,
        nonce: read.nonce ?? null,
        topic,
        room: room ?? null,
        token: token ?? null,
        tokenType: tokenType ?? null,
        error,
        at: Date.now(),
      },
      keptReports,
    );
  }
}
