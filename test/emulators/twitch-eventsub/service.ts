import type { Service } from "../kit/emulation.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import { Helix, type Written, writer } from "../twitch-irc/helix.ts";
import type { ActionNamed, EventSubKnobs, EventSubOwnAction } from "./actions.ts";
import { Desk } from "./desk.ts";
import { eventSubGarbage } from "./garbage.ts";
import type { EventSubReport } from "./report.ts";
import { everyScope } from "./scopes.ts";
import { newSession, type Session } from "./session.ts";
import { Speaker } from "./speaker.ts";
import { keepaliveFrame, revocationFrame, sessionFrame, stamp } from "./wire.ts";

const usualKeepaliveSeconds = 10;
const usualUnusedMs = 10_000;
const usualGraceMs = 30_000;

/** The codes by which the service ends a socket. */
const inboundTraffic = 4001;
const unused = 4003;
const graceOver = 4004;
const badAddress = 4007;

export class EventSubService implements Service<EventSubOwnAction, EventSubReport> {
  readonly garbage = eventSubGarbage;
  readonly #stage: Stage;
  readonly #speaker: Speaker;
  readonly #helix: Helix;
  readonly #desk: Desk;
  readonly #knobs: EventSubKnobs = { scopes: [...everyScope] };
  readonly #sessions = new Map<string, Session>();
  readonly #lines = new WeakMap<Line, Session>();
  /** By what is in an address to reconnect by, the session that goes there. */
  readonly #challenges = new Map<string, Session>();
  readonly #handOvers: EventSubReport["handOvers"][number][] = [];
  /** Where it is reached: whoever asks over HTTP says so. */
  #host = "127.0.0.1";

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#speaker = new Speaker(stage, (line) => this.#sessionHeardOn(line));
    this.#desk = new Desk({
      chance: stage.chance,
      gate: stage.gate,
      knobs: this.#knobs,
      sessions: this.#sessions,
      changed: () => stage.changed(),
    });
    this.#helix = new Helix({
      chance: stage.chance,
      gate: stage.gate,
      knobs: this.#knobs,
      say: (message) => this.#sayWritten(message),
    });
  }

  /** Who it is, a client says over HTTP. */
  admit(): null {
    return null;
  }

  greet(line: Line): void {
    const { challenge } = line.dial.query;
    if (challenge !== undefined) {
      this.#takeOver(line, challenge);
      return;
    }
    const session = newSession(`AgoQ${this.#stage.chance.hex(24)}`, line.number);
    this.#sessions.set(session.id, session);
    void this.#welcome(line, session);
    void this.#expectUse(line, session);
  }

  /** Nothing is ever said by a client. */
  hear(line: Line): void {
    line.close(inboundTraffic, "Client sent inbound traffic");
  }

  isSubscribed(line: Line): boolean {
    const session = this.#sessionHeardOn(line);
    const types = [...(session?.subscriptions.values() ?? [])].map(({ type }) => type);
    return types.includes("channel.chat.message");
  }

  /** A token that has run out ends no socket. */
  expel(): void {}

  message(text: string): Utterance {
    return this.#speaker.message({ text });
  }

  perform(action: EventSubOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    switch (action.action) {
      case "burst":
        return this.#speaker.burst(action, signal);
      case "message":
        return this.#speaker.say(this.#speaker.message(action));
      case "notice":
        return this.#speaker.say(this.#speaker.notice(action));
      case "bomb":
        return this.#speaker.say(...this.#speaker.bomb(action));
      case "event":
        return this.#speaker.say(this.#speaker.event(action));
      case "reconnect":
        return this.#sendAway(action);
      case "revoke":
        return this.#revoke(action);
      case "refuseType":
        this.#desk.refuse(action);
        return {};
      case "allowType":
        this.#desk.allow(action.type);
        return {};
      case "refuseRequest":
        this.#helix.refuse(action);
        return {};
      case "grantRefresh":
        return { refreshToken: this.#helix.grant(action.value) };
      case "knobs": {
        const { action: _action, ...knobs } = action;
        Object.assign(this.#knobs, knobs);
        return {};
      }
    }
  }

  async answer(question: HttpQuestion): Promise<HttpAnswer | null> {
    this.#host = question.headers.host ?? this.#host;
    const known = this.#desk.answer(question) ?? this.#helix.answer(question);
    // A reset ends the wait, and whoever asked is answered at once.
    await this.#stage.pause(this.#knobs.answerDelayMs ?? 0).catch(() => {});
    return known;
  }

  counts(): Record<string, number> {
    const { posted, validations, refreshes, requests, subscriptions, removed, handOvers } =
      this.report();
    return {
      handOvers: handOvers.length,
      posted: posted.length,
      validations: validations.length,
      refreshes: refreshes.length,
      requests: requests.length,
      subscriptions: subscriptions.length,
      removed: removed.length,
    };
  }

  report(): EventSubReport {
    const handOvers = structuredClone(this.#handOvers);
    return { handOvers, ...this.#desk.report(), ...this.#helix.report() };
  }

  /** A socket that another has taken over from hears nothing more, unless both are to be told. */
  #sessionHeardOn(line: Line): Session | null {
    const session = this.#lines.get(line) ?? null;
    if (session === null || session.isGone) return null;
    return session.socket === line.number || this.#knobs.tellsBoth === true ? session : null;
  }

  async #welcome(line: Line, session: Session): Promise<void> {
    const { welcomeDelayMs = 0 } = this.#knobs;
    if (welcomeDelayMs > 0) await this.#stage.pause(welcomeDelayMs).catch(() => {});
    if (!line.isOpen) return this.#forget(session, line);
    // Whoever hangs the old socket up first has nothing left to take over.
    if (session.isGone) return line.close(badAddress, "Invalid reconnect");
    const keepaliveSeconds = this.#readKeepalive(line);
    line.send(
      sessionFrame("session_welcome", this.#told(), {
        id: session.id,
        keepaliveSeconds,
        address: null,
      }),
    );
    this.#lines.set(line, session);
    session.socket = line.number;
    session.isWelcomed = true;
    this.#beat(line, keepaliveSeconds);
    this.#stage.changed();
    await line.left;
    this.#forget(session, line);
  }

  #readKeepalive(line: Line): number {
    const asked = Number(line.dial.query["keepalive_timeout_seconds"] ?? usualKeepaliveSeconds);
    return Number.isNaN(asked) ? usualKeepaliveSeconds : Math.min(600, Math.max(10, asked));
  }

  #beat(line: Line, seconds: number): void {
    const { keepaliveMs = seconds * 1_000 } = this.#knobs;
    if (keepaliveMs === null) return;
    line.beat(keepaliveMs, () => {
      if (this.#stage.silence !== "everything") line.send(keepaliveFrame(this.#told()));
    });
  }

  #told(): { id: string; at: string } {
    return { id: this.#stage.chance.uuid(), at: stamp(this.#stage.nanoseconds()) };
  }

  /** A socket has gone: its session goes with it, where no other has it by now. */
  #forget(session: Session, line: Line): void {
    if (session.socket !== line.number) return;
    session.isGone = true;
    if (this.#knobs.leavesOrphans !== true) this.#sessions.delete(session.id);
    this.#stage.changed();
  }

  async #expectUse(line: Line, session: Session): Promise<void> {
    await this.#stage.pause(this.#knobs.unusedMs ?? usualUnusedMs).catch(() => {});
    if (line.isOpen && session.isWelcomed && session.subscriptions.size === 0) {
      line.close(unused, "Connection unused");
    }
  }

  #sendAway({ address = "good" }: ActionNamed<"reconnect">): Outcome {
    const lines = this.#stage.openLines.filter((line) => this.#lines.has(line));
    for (const line of lines) {
      const session = this.#lines.get(line);
      if (session === undefined || session.socket !== line.number) continue;
      const challenge = this.#stage.chance.uuid();
      if (address === "good") this.#challenges.set(challenge, session);
      const url = `ws://${this.#host}/ws?challenge=${challenge}&id=${session.id}`;
      line.send(
        sessionFrame("session_reconnect", this.#told(), {
          id: session.id,
          keepaliveSeconds: null,
          address: address === "none" ? null : url,
        }),
      );
      void this.#endAfterGrace(line);
    }
    return { count: lines.length };
  }

  async #endAfterGrace(line: Line): Promise<void> {
    await this.#stage.pause(this.#knobs.graceMs ?? usualGraceMs).catch(() => {});
    if (line.isOpen) line.close(graceOver, "Reconnect grace time expired");
  }

  #takeOver(line: Line, challenge: string): void {
    const session = this.#challenges.get(challenge);
    const isGood = session !== undefined && !session.isGone;
    this.#handOvers.push({ socket: line.number, isGood });
    this.#challenges.delete(challenge);
    if (session === undefined || session.isGone) {
      line.close(badAddress, "Invalid reconnect");
      return;
    }
    void this.#welcome(line, session);
  }

  #revoke({ type, status }: ActionNamed<"revoke">): Outcome {
    let count = 0;
    for (const line of this.#stage.openLines) {
      const session = this.#sessionHeardOn(line);
      if (session === null) continue;
      for (const subscription of session.subscriptions.values()) {
        if (subscription.type !== type) continue;
        session.subscriptions.delete(subscription.id);
        line.send(revocationFrame(this.#told(), session, subscription, status));
        count += 1;
      }
    }
    return { count };
  }

  /** What was written over HTTP is heard by everybody who hears the chat. */
  #sayWritten({ text, replyTo }: Written): string {
    const isAction = text.startsWith("/me ");
    const id = this.#stage.chance.uuid();
    const reply = replyTo === null ? null : { parent_message_id: replyTo };
    const utterance = this.#speaker.message({
      text: isAction ? text.slice(4) : text,
      author: writer.login,
      id,
      isAction,
      event: { chatter_user_id: writer.id, reply },
    });
    this.#speaker.say(utterance);
    return id;
  }
}
