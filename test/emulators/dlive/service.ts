import { z } from "zod";

import type { Service } from "../kit/emulation.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { DliveKnobs, DliveOwnAction } from "./actions.ts";
import { dliveGarbage } from "./garbage.ts";
import { answerGraphql } from "./graphql.ts";
import type { DliveReport } from "./report.ts";
import { newSession, type Session } from "./session.ts";
import { Speaker } from "./speaker.ts";
import { readSubscriptionQuery } from "./subscription-query.ts";
import * as wire from "./wire.ts";

const keptReports = 10_000;
/** The interval that the service's own document promises. */
const documentedKaIntervalMs = 25_000;

const InitPayload = z.record(z.string(), z.unknown()).nullish();

type Knobs = { -readonly [Name in keyof DliveKnobs]-?: Exclude<DliveKnobs[Name], undefined> };

export class DliveService implements Service<DliveOwnAction, DliveReport> {
  readonly garbage = dliveGarbage;
  readonly #stage: Stage;
  readonly #speaker: Speaker;
  readonly #sessions = new WeakMap<Line, Session>();
  readonly #inits: DliveReport["inits"][number][] = [];
  readonly #mutations: DliveReport["mutations"][number][] = [];
  readonly #knobs: Knobs = {
    kaIntervalMs: documentedKaIntervalMs,
    kaFirst: "after-ack",
    ackDelayMs: 0,
    rejectSubscription: null,
    completeOnStop: false,
    dataKeyOrder: "payload-id-type",
    sendError: null,
    answerDelayMs: 0,
  };

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#speaker = new Speaker(stage, (line) => this.#sessions.get(line)?.subscriptions.values());
  }

  /** The token comes later, in the init. */
  admit(): null {
    return null;
  }

  greet(line: Line): void {
    this.#sessions.set(line, newSession());
  }

  hear(line: Line, text: string): void {
    const session = this.#sessions.get(line);
    if (session?.state === "initialising") {
      session.waiting.push(text);
    } else if (session !== undefined && session.state !== "over") {
      this.#obey(line, session, text);
    }
  }

  isSubscribed(line: Line): boolean {
    return (this.#sessions.get(line)?.subscriptions.size ?? 0) > 0;
  }

  expel(line: Line): void {
    this.#fail(line, "unauthorized", 1000, "terminated");
  }

  message(text: string): Utterance {
    return this.#speaker.items([{ type: "Message", content: text }]);
  }

  perform(action: DliveOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    switch (action.action) {
      case "burst":
        return this.#speaker.burst(action, signal);
      case "item": {
        const { action: _action, ...spec } = action;
        return this.#speaker.say(this.#speaker.items([spec]));
      }
      case "items":
        return this.#speaker.say(this.#speaker.items(action.items));
      case "chest": {
        const { action: _action, ...spec } = action;
        return this.#speaker.say(this.#speaker.chest(spec));
      }
      case "connectionError":
        return this.#sayConnectionError(action.message, action.close ?? true);
      case "knobs":
        return this.#turn(action);
    }
  }

  async answer(question: HttpQuestion): Promise<HttpAnswer | null> {
    const known = answerGraphql(question, {
      chance: this.#stage.chance,
      sendError: this.#knobs.sendError,
      isGood: (token) => this.#stage.gate.isGood(token),
      note: (mutation) => keep(this.#mutations, mutation, keptReports),
      say: (spec) => this.#speaker.sayItem(spec),
    });
    // A reset ends the wait, and whoever asked is answered at once.
    await this.#stage.pause(this.#knobs.answerDelayMs).catch(() => {});
    return known;
  }

  counts(): Record<string, number> {
    return { subscriptions: this.#openSubscriptions().length, mutations: this.#mutations.length };
  }

  report(): DliveReport {
    return {
      inits: structuredClone(this.#inits),
      subscriptions: this.#openSubscriptions(),
      mutations: structuredClone(this.#mutations),
    };
  }

  #obey(line: Line, session: Session, text: string): void {
    const frame = wire.readClientFrame(text);
    if (frame === null) {
      this.#fail(line, "invalid json", 1002, "decoding error");
    } else if (frame.type === "connection_terminate") {
      this.#end(line, 1000, "terminated");
    } else if (frame.type === "connection_init" && session.state === "new") {
      this.#initialise(line, session, frame.payload);
    } else if (frame.type === "start" && session.state === "ready") {
      this.#start(line, session, frame);
    } else if (frame.type === "stop" && session.state === "ready") {
      this.#stop(line, session, frame.id);
    } else {
      this.#fail(line, `unexpected message ${frame.type}`, 1002, "unexpected message");
    }
  }

  #initialise(line: Line, session: Session, payload: unknown): void {
    const parsed = InitPayload.safeParse(payload);
    if (!parsed.success) {
      this.#fail(line, "invalid json", 1002, "decoding error");
      return;
    }
    keep(this.#inits, { socket: line.number, payload: payload ?? null }, keptReports);
    const authorization = parsed.data?.["authorization"];
    line.token = typeof authorization === "string" ? authorization : null;
    if (!this.#stage.gate.isGood(line.token)) {
      this.#stage.ledger.refused += 1;
      this.#fail(line, "unauthorized", 1000, "terminated");
    } else if (this.#knobs.ackDelayMs === 0) {
      this.#acknowledge(line, session);
    } else {
      session.state = "initialising";
      setTimeout(() => this.#acknowledge(line, session), this.#knobs.ackDelayMs);
    }
  }

  #acknowledge(line: Line, session: Session): void {
    if (!line.isOpen || session.state === "over") {
      return;
    }
    session.state = "ready";
    line.send(wire.connectionAck);
    if (this.#knobs.kaFirst === "after-ack") {
      this.#keepAlive(line);
    }
    line.beat(this.#knobs.kaIntervalMs, () => this.#keepAlive(line));
    for (const text of session.waiting.splice(0)) {
      this.hear(line, text);
    }
    this.#stage.changed();
  }

  #start(line: Line, session: Session, { id, payload }: wire.ClientFrame): void {
    const query = readSubscriptionQuery(payload);
    const { rejectSubscription, dataKeyOrder } = this.#knobs;
    if (rejectSubscription !== null) {
      line.send(wire.operationError(id, rejectSubscription));
    } else if (query === null) {
      line.send(wire.operationError(id, "no subscription of this service"));
    } else {
      session.subscriptions.set(id ?? "", { ...query, ...wire.dataFrame(id, dataKeyOrder) });
    }
  }

  #stop(line: Line, session: Session, id: string | null | undefined): void {
    const wasOpen = session.subscriptions.delete(id ?? "");
    if (wasOpen && this.#knobs.completeOnStop) {
      line.send(wire.operationComplete(id));
    }
  }

  #keepAlive(line: Line): void {
    if (this.#stage.silence !== "everything") {
      line.send(wire.keepAlive);
    }
  }

  #fail(line: Line, message: string, code: number, reason: string): void {
    line.send(wire.connectionError(message));
    this.#end(line, code, reason);
  }

  #end(line: Line, code: number, reason: string): void {
    const session = this.#sessions.get(line);
    if (session !== undefined) {
      session.state = "over";
      session.subscriptions.clear();
    }
    line.close(code, reason);
  }

  #sayConnectionError(message: string, close: boolean): Outcome {
    const lines = this.#stage.openLines;
    for (const line of lines) {
      if (close) {
        this.#fail(line, message, 1000, "terminated");
      } else {
        line.send(wire.connectionError(message));
      }
    }
    this.#stage.changed();
    return { count: lines.length };
  }

  #turn({ action: _action, ...knobs }: DliveKnobs & { action: "knobs" }): Outcome {
    Object.assign(this.#knobs, knobs);
    if (knobs.kaIntervalMs !== undefined) {
      for (const line of this.#stage.openLines) {
        if (this.#sessions.get(line)?.state === "ready") {
          line.beat(knobs.kaIntervalMs, () => this.#keepAlive(line));
        }
      }
    }
    return {};
  }

  #openSubscriptions(): DliveReport["subscriptions"] {
    return this.#stage.openLines.flatMap((line) =>
      [...(this.#sessions.get(line)?.subscriptions ?? [])].map(([id, { field, streamer }]) => ({
        socket: line.number,
        id: id === "" ? null : id,
        field,
        streamer,
      })),
    );
  }
}
