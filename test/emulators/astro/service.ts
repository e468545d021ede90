import type { Service } from "../kit/emulation.ts";
import type { Refusal } from "../kit/gate.ts";
import type { HttpAnswer } from "../kit/http.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { ActionOf, AstroOwnAction } from "./actions.ts";
import { Desk } from "./desk.ts";
import { failure } from "./errors.ts";
import { astroGarbage } from "./garbage.ts";
import { Handovers } from "./handovers.ts";
import { Heart } from "./heart.ts";
import * as items from "./items.ts";
import { usualKnobs } from "./knobs.ts";
import { channelId } from "./people.ts";
import type { AstroReport } from "./report.ts";
import { Rooms } from "./rooms.ts";
import { newSession, type Session } from "./session.ts";
import { Speaker } from "./speaker.ts";
import { TopicRules } from "./topic-rules.ts";
import { ulid, welcomeFrame } from "./wire.ts";

/** RFC 6455 7.4.1: a policy was broken. No document of the service names a code. */
const policyViolation = 1008;
/** What the service answers when it is dialled too often, and how long it then wants to be left alone. */
const tooManyDials: Refusal = { status: 429, retryAfter: "2" };

export class AstroService implements Service<AstroOwnAction, AstroReport> {
  readonly garbage = astroGarbage;
  readonly #stage: Stage;
  readonly #knobs = usualKnobs();
  readonly #rooms = new Rooms(this.#knobs);
  readonly #rules = new TopicRules();
  readonly #sessions = new WeakMap<Line, Session>();
  readonly #desk: Desk;
  readonly #handovers: Handovers;
  readonly #heart: Heart;
  readonly #speaker: Speaker;
  #dialsOfLate: number[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#desk = new Desk(stage, this.#knobs, this.#rooms, this.#rules);
    this.#handovers = new Handovers(stage);
    this.#heart = new Heart(stage, this.#knobs);
    this.#speaker = new Speaker(stage, this.#knobs, this.#rooms, this.#handovers, (line) =>
      this.#sessions.get(line),
    );
  }

  /** The token comes later, with each subscription. */
  admit(): Refusal | null {
    const { draining, connectionRate } = this.#knobs;
    if (draining) {
      return { status: 502 };
    }
    if (connectionRate === null) {
      return null;
    }
    const now = performance.now();
    const { dials, withinMs } = connectionRate;
    this.#dialsOfLate = this.#dialsOfLate.filter((at) => at > now - withinMs);
    if (this.#dialsOfLate.length >= dials) {
      return tooManyDials;
    }
    this.#dialsOfLate.push(now);
    return null;
  }

  greet(line: Line): void {
    const session = newSession();
    this.#sessions.set(line, session);
    const reconnectToken = line.dial.query["reconnect_token"];
    if (reconnectToken !== undefined && !this.#restore(line, session, reconnectToken)) {
      this.#stage.ledger.refused += 1;
      line.close(this.#knobs.badTokenCode, "invalid reconnect token");
      return;
    }
    if (this.#knobs.generation === "head") {
      const { chance } = this.#stage;
      line.send(welcomeFrame(chance, ulid(chance)));
    }
    this.#heart.start(line);
  }

  hear(line: Line, text: string, isBinary: boolean): void {
    const session = this.#sessions.get(line);
    if (!isBinary && session !== undefined && line.isOpen) {
      this.#desk.hear(line, session, text);
    }
  }

  isSubscribed(line: Line): boolean {
    const count = this.#sessions.get(line)?.subscriptions.size ?? 0;
    return count > 0 && !this.#handovers.isSilent(line);
  }

  /** What the service does about a token that expires under a socket is written nowhere. */
  expel(line: Line): void {
    const { expiry } = this.#knobs;
    this.#sessions.get(line)?.subscriptions.clear();
    if (expiry === "error" || expiry === "error-close") {
      line.send(this.#desk.answers.word(null, failure("err_unauthorized", "token expired")));
    }
    if (expiry === "close" || expiry === "error-close") {
      line.close(policyViolation, "token expired");
    }
  }

  message(text: string): Utterance {
    const content = items.chatContent({ action: "chat", text }, this.#stage.chance);
    return this.#speaker.utterance(content);
  }

  perform(action: AstroOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    const { chance } = this.#stage;
    switch (action.action) {
      case "burst":
        return this.#burst(action, signal);
      case "chat":
        return this.#speaker.say([items.chatContent(action, chance)]);
      case "activity":
        return this.#speaker.say([items.activityContent(action, chance)]);
      case "tip":
        return this.#speaker.say(items.tipContents(action, chance));
      case "item":
        return this.#speaker.say([items.itemContent(action, chance)]);
      case "notice":
        return this.#speaker.sayToAll(items.noticeContent(action));
      case "frames":
        return this.#speaker.sayRecorded(action, signal);
      case "refuseTopic":
        this.#rules.refuse(action);
        return {};
      case "allowTopic":
        this.#rules.allow(action.topic);
        return {};
      case "answer":
        return { count: this.#desk.answers.release(action.order ?? "asked") };
      case "alias":
        this.#rooms.alias(action.name, action.room);
        return {};
      case "reconnect":
        return { count: this.#handovers.begin(action) };
      case "endOldSockets":
        return { count: this.#handovers.endOldSockets() };
      case "expireReconnectTokens":
        return { count: this.#handovers.expireTokens() };
      case "knobs":
        return this.#turn(action);
    }
  }

  /** There is nothing but the socket. */
  answer(): HttpAnswer | null {
    return null;
  }

  counts(): Record<string, number> {
    const { answers, commandCount, rejectedCount, violationCount } = this.#desk;
    return {
      subscriptions: this.#openSubscriptions().length,
      commands: commandCount,
      rejected: rejectedCount,
      violations: violationCount,
      held: answers.heldCount,
      pongs: this.#heart.pongs,
      lapsed: this.#heart.lapsed.length,
      ...this.#handovers.counts,
    };
  }

  report(): AstroReport {
    const { commands, violations } = this.#desk;
    return {
      channel: channelId,
      subscriptions: this.#openSubscriptions(),
      commands: structuredClone(commands),
      violations: structuredClone(violations),
      reconnects: this.#handovers.report(),
      pongs: this.#heart.pongs,
      lapsed: [...this.#heart.lapsed],
    };
  }

  /** Takes over the subscriptions of the socket that the token was given to. */
  #restore(line: Line, session: Session, reconnectToken: string): boolean {
    const old = this.#handovers.redeem(reconnectToken, line);
    if (old === null) {
      return false;
    }
    line.token = old.token;
    for (const [key, subscription] of this.#sessions.get(old)?.subscriptions ?? []) {
      session.subscriptions.set(key, { ...subscription, isRestored: true });
    }
    return true;
  }

  #burst({ reconnect, ...order }: ActionOf<"burst">, signal: AbortSignal) {
    const before = (number: number) => {
      if (reconnect?.before === number) {
        this.#handovers.begin(reconnect);
      }
    };
    return this.#speaker.burst(order, before, signal);
  }

  #turn({ action: _action, ...knobs }: ActionOf<"knobs">): Outcome {
    Object.assign(this.#knobs, knobs);
    if (knobs.pingMs !== undefined || knobs.pongTimeoutMs !== undefined) {
      this.#heart.restart();
    }
    return {};
  }

  #openSubscriptions(): AstroReport["subscriptions"] {
    return this.#stage.openLines.flatMap((line) =>
      [...(this.#sessions.get(line)?.subscriptions.values() ?? [])].map((subscription) => ({
        socket: line.number,
        ...subscription,
      })),
    );
  }
}
