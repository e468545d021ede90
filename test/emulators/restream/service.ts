import type { Service } from "../kit/emulation.ts";
import type { Refusal } from "../kit/gate.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import type { Dialled } from "../kit/truth.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { RestreamAction, RestreamKnobs, RestreamOwnAction } from "./actions.ts";
import { type Connection, Connections } from "./connections.ts";
import { ConsentDesk } from "./consent-desk.ts";
import { eventTypes } from "./event-types.ts";
import { Events, twitchTextTypeId } from "./events.ts";
import { restreamGarbage } from "./garbage.ts";
import { platformOf } from "./platforms.ts";
import { Replies } from "./replies.ts";
import type { RestreamReport } from "./report.ts";
import { TokenDesk, tokenError } from "./token-desk.ts";
import { frame, type Utter } from "./wire.ts";

type ActionOf<Name extends RestreamAction["action"]> = Extract<RestreamAction, { action: Name }>;
type Knobs = { -readonly [Name in keyof RestreamKnobs]-?: Exclude<RestreamKnobs[Name], undefined> };

/** What the service itself advises clients to expect. */
const usualHeartbeatMs = 45_000;
const usualTokenLifeSeconds = 3_600;
const usualCodeLifeMs = 60_000;

export class RestreamService implements Service<RestreamOwnAction, RestreamReport> {
  readonly garbage = restreamGarbage;
  readonly #stage: Stage;
  readonly #utter: Utter;
  readonly #connections: Connections;
  readonly #events: Events;
  readonly #replies: Replies;
  readonly #tokens: TokenDesk;
  readonly #consents: ConsentDesk;
  /** Past their handshake. */
  readonly #greeted = new WeakSet<Line>();
  /** Still sent heartbeats, and nothing else, for as long as they last. */
  readonly #forgotten = new WeakSet<Line>();
  readonly #knobs: Knobs = {
    heartbeatMs: usualHeartbeatMs,
    authStyle: "http401",
    client: null,
    expiresInSeconds: usualTokenLifeSeconds,
    extras: true,
    consent: "allow",
    codeLifeMs: usualCodeLifeMs,
    tokenAnswer: "usual",
    tokenDelayMs: 0,
  };

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#utter = (render, spoken) => ({
      spoken: [spoken],
      framesFor: (line) => (this.#isListening(line) ? [render()] : []),
    });
    this.#connections = new Connections(stage.chance, this.#utter);
    this.#events = new Events(stage, this.#utter, this.#connections);
    this.#replies = new Replies(stage.chance, this.#utter, this.#connections);
    this.#consents = new ConsentDesk(stage.chance);
    this.#tokens = new TokenDesk(stage.chance, stage.gate, this.#consents);
    this.#connections.connect({ platform: "twitch" });
  }

  admit({ query }: Dialled): Refusal | null {
    if (this.#knobs.authStyle !== "http401" || this.#isGood(query["accessToken"])) {
      return null;
    }
    const { status, body } = tokenError(401, "invalid_token", "Access token is invalid");
    return { status, body };
  }

  greet(line: Line): void {
    const token = line.dial.query["accessToken"];
    line.token = token ?? null;
    if (!this.#isGood(token)) {
      this.#stage.ledger.refused += 1;
      this.expel(line);
      return;
    }
    this.#greeted.add(line);
    for (const connection of this.#connections.all) {
      connection.restamp();
      this.#stage.tell(line, connection.announcement);
    }
    this.#beat(line);
  }

  /** Everything that a client sends is passed over in silence. */
  hear(): void {}

  isSubscribed(line: Line): boolean {
    return this.#greeted.has(line);
  }

  expel(line: Line): void {
    const code = this.#knobs.authStyle === "close4001" ? 4001 : 1008;
    line.close(code, "authentication failed");
  }

  message(text: string): Utterance {
    const action = { eventTypeId: twitchTextTypeId, text };
    return this.#events.event(action, this.#events.sourceFor(twitchTextTypeId), this.#knobs.extras);
  }

  perform(action: RestreamOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    switch (action.action) {
      case "burst": {
        const source = this.#events.sourceFor(action.kind ?? twitchTextTypeId);
        return this.#events.burst(action, source, signal);
      }
      case "connect":
        return this.#announce(this.#connections.connect(action));
      case "announce":
        return this.#announce(this.#connections.get(action.identifier), action.repeats);
      case "replace": {
        const { uuid, utterances } = this.#connections.replace(action);
        return { ...this.#say(utterances), identifier: action.identifier, uuid };
      }
      case "closeConnection": {
        const { uuid, utterance } = this.#connections.close(action);
        return { ...this.#say([utterance]), uuid };
      }
      case "replaceAllSilently":
        return this.#replaceAllSilently();
      case "status": {
        const { identifier, status, reason = null } = action;
        return this.#announce(this.#connections.change(identifier, { status, reason }));
      }
      case "event":
        return this.#sayEvent(action);
      case "reply": {
        const { replyUuid, utterances } = this.#replies.life(action, this.#knobs.extras);
        return { ...this.#say(utterances), replyUuid };
      }
      case "replyCreated": {
        const { replyUuid, utterance } = this.#replies.create(action, this.#knobs.extras);
        return { ...this.#say([utterance]), replyUuid };
      }
      case "replyAccepted":
      case "replyConfirmed":
      case "replyFailed": {
        const { replyUuid, utterances } = this.#replies.step(action);
        return { ...this.#say(utterances), replyUuid };
      }
      case "relayAccepted":
      case "relayConfirmed":
      case "relayFailed":
        return this.#say([this.#replies.relay(action, this.#events.last)]);
      case "unknownAction":
        return this.#sayUnknown(action);
      case "grantRefresh":
        return { refreshToken: this.#tokens.grant(action.value) };
      case "knobs":
        return this.#turn(action);
    }
  }

  async answer(question: HttpQuestion): Promise<HttpAnswer | null> {
    const consented = this.#consents.answer(question, this.#knobs);
    if (consented === null && this.#knobs.tokenDelayMs > 0) {
      await this.#stage.pause(this.#knobs.tokenDelayMs);
    }
    return consented ?? this.#tokens.answer(question, this.#knobs);
  }

  counts(): Record<string, number> {
    return { connections: this.#connections.all.length, ...this.#tokens.counts() };
  }

  report(): RestreamReport {
    return {
      connections: this.#connections.report(),
      tokens: this.#tokens.report(),
      consents: this.#consents.report(),
    };
  }

  #isGood(token: string | undefined): boolean {
    return token !== undefined && token !== "" && this.#stage.gate.isGood(token);
  }

  #isListening(line: Line): boolean {
    return this.#greeted.has(line) && !this.#forgotten.has(line);
  }

  #beat(line: Line): void {
    line.beat(this.#knobs.heartbeatMs, () => {
      if (this.#stage.silence !== "everything") {
        line.send(frame("heartbeat", {}));
      }
    });
  }

  #say(utterances: readonly Utterance[]): Outcome {
    const heard = utterances.map((utterance) => this.#stage.say(utterance));
    return { heard: heard.includes(true), keys: utterances.flatMap(keysOf) };
  }

  #announce({ identifier, uuid, announcement }: Connection, times = 1): Outcome {
    const heard = this.#say(Array.from({ length: times }, () => announcement));
    return { ...heard, identifier, uuid };
  }

  /**
   * An outage that was seen for real: every connection is closed as replaced, and its successor is
   * only told to sockets that dial anew. This socket stays open, with heartbeats, and hears nothing.
   */
  #replaceAllSilently(): Outcome {
    const closings = this.#connections.replaceAll();
    const outcome = this.#say(closings);
    for (const line of this.#stage.lines) {
      this.#forgotten.add(line);
    }
    return { ...outcome, count: closings.length };
  }

  #sayEvent(action: ActionOf<"event">): Outcome {
    const { eventTypeId, identifier } = action;
    const type = eventTypes[eventTypeId];
    const isMissing =
      type !== undefined &&
      this.#connections.find(platformOf(type.platform).eventSourceId) === undefined;
    if (identifier === undefined && isMissing) {
      this.#announce(this.#connections.connect({ platform: type.platform }));
    }
    const source = this.#events.sourceFor(eventTypeId, identifier);
    const utterance = this.#events.event(action, source, this.#knobs.extras);
    return { ...this.#say([utterance]), identifier: source.identifier };
  }

  #sayUnknown({ name = "poll_started", payload = {} }: ActionOf<"unknownAction">): Outcome {
    const rendered = frame(name, payload);
    return this.#say([this.#utter(() => rendered, { kind: name, key: null, target: null })]);
  }

  #turn({ action: _action, ...knobs }: ActionOf<"knobs">): Outcome {
    Object.assign(this.#knobs, knobs);
    if (knobs.heartbeatMs !== undefined) {
      for (const line of this.#stage.openLines.filter((open) => this.#greeted.has(open))) {
        this.#beat(line);
      }
    }
    return {};
  }
}
