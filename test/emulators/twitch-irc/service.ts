import type { Service } from "../kit/emulation.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { ActionNamed, TwitchKnobs, TwitchOwnAction } from "./actions.ts";
import { twitchGarbage } from "./garbage.ts";
import { Helix, type Written, writer } from "./helix.ts";
import { idOf, prefixOf } from "./people.ts";
import type { TwitchReport } from "./report.ts";
import { newSession, type Session } from "./session.ts";
import { Speaker } from "./speaker.ts";
import { type Asked, frameOf, host, readAsked, write } from "./wire.ts";

const keptReports = 10_000;
/** "Every few minutes", says the service. */
const usualPingMs = 240_000;
const joinWindowMs = 10_000;

export class TwitchService implements Service<TwitchOwnAction, TwitchReport> {
  readonly garbage = twitchGarbage;
  readonly #stage: Stage;
  readonly #speaker: Speaker;
  readonly #helix: Helix;
  readonly #sessions = new WeakMap<Line, Session>();
  readonly #refusedRooms = new Map<string, ActionNamed<"refuseRoom">["how"]>();
  readonly #joins: TwitchReport["joins"][number][] = [];
  readonly #knobs: TwitchKnobs = {};

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#speaker = new Speaker(stage, (line) => this.#sessions.get(line)?.rooms ?? []);
    this.#helix = new Helix({
      chance: stage.chance,
      gate: stage.gate,
      knobs: this.#knobs,
      say: (message) => this.#sayWritten(message),
    });
  }

  /** Who it is, a client says once it is in. */
  admit(): null {
    return null;
  }

  greet(line: Line): void {
    this.#sessions.set(line, newSession());
    line.beat(this.#knobs.pingMs ?? usualPingMs, () => {
      if (this.#stage.silence !== "everything") {
        line.send(`PING :${host}\r\n`);
      }
    });
  }

  hear(line: Line, text: string): void {
    const session = this.#sessions.get(line);
    for (const each of text.split(/\r?\n/)) {
      if (each !== "" && session !== undefined && line.isOpen) {
        this.#obey(line, session, readAsked(each));
      }
    }
  }

  isSubscribed(line: Line): boolean {
    return (this.#sessions.get(line)?.rooms.size ?? 0) > 0;
  }

  expel(line: Line): void {
    line.send(frameOf(write({ command: "NOTICE *", text: "Login authentication failed" })));
    line.close(1000);
  }

  message(text: string): Utterance {
    return this.#speaker.message({ text });
  }

  perform(action: TwitchOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    switch (action.action) {
      case "burst":
        return this.#speaker.burst(action, signal);
      case "message":
        return this.#speaker.say(this.#speaker.message(action));
      case "notice":
        return this.#speaker.say(this.#speaker.notice(action));
      case "bomb":
        return this.#speaker.say(...this.#speaker.bomb(action));
      case "clear":
        return this.#speaker.say(this.#speaker.clear(action));
      case "delete":
        return this.#speaker.say(this.#speaker.deletion(action));
      case "roomState":
        return this.#speaker.say(this.#speaker.roomState(action));
      case "reconnect":
        return this.#sendAway(action.leaveMs, signal);
      case "refuseRoom":
        this.#refusedRooms.set(action.room, action.how);
        return {};
      case "allowRoom":
        this.#refusedRooms.delete(action.room);
        return {};
      case "refuseRequest":
        this.#helix.refuse(action);
        return {};
      case "grantRefresh":
        return { refreshToken: this.#helix.grant(action.value) };
      case "knobs": {
        const { action: _action, ...knobs } = action;
        Object.assign(this.#knobs, knobs);
        this.#speaker.framing = this.#knobs.framing ?? "line";
        return {};
      }
    }
  }

  async answer(question: HttpQuestion): Promise<HttpAnswer | null> {
    const known = this.#helix.answer(question);
    // A reset ends the wait, and whoever asked is answered at once.
    await this.#stage.pause(this.#knobs.answerDelayMs ?? 0).catch(() => {});
    return known;
  }

  counts(): Record<string, number> {
    const { posted, validations, refreshes, deviceAsks } = this.#helix.report();
    return {
      joins: this.#joins.length,
      posted: posted.length,
      validations: validations.length,
      refreshes: refreshes.length,
      deviceAsks: deviceAsks.length,
    };
  }

  report(): TwitchReport {
    return { joins: structuredClone(this.#joins), ...this.#helix.report() };
  }

  #obey(line: Line, session: Session, { command, params }: Asked): void {
    const [first = ""] = params;
    switch (command) {
      case "CAP":
        this.#grant(line, session, params);
        return;
      case "PASS":
        session.password = first;
        return;
      case "NICK":
        this.#welcome(line, session, first.toLowerCase());
        return;
      case "JOIN":
        for (const room of first.split(",")) {
          void this.#join(line, session, room.replace(/^#/, ""));
        }
        return;
      case "PART":
        session.rooms.delete(first.replace(/^#/, ""));
        return;
      case "PING":
        if (this.#stage.silence !== "everything") {
          line.send(frameOf(write({ command: `PONG ${host}`, text: first })));
        }
        return;
      case "PONG":
      case "QUIT":
        return;
      default:
        line.send(
          frameOf(
            write({ command: `421 ${session.nick ?? "*"} ${command}`, text: "Unknown command" }),
          ),
        );
    }
  }

  #grant(line: Line, session: Session, params: readonly string[]): void {
    const [verb = "", wanted = ""] = params;
    if (verb.toUpperCase() !== "REQ") return;
    const isRefused = this.#knobs.refusesTags === true;
    session.hasTags = !isRefused && wanted.includes("twitch.tv/tags");
    line.send(frameOf(write({ command: `CAP * ${isRefused ? "NAK" : "ACK"}`, text: wanted })));
  }

  #welcome(line: Line, session: Session, nick: string): void {
    const isNobody = /^justinfan\d+$/.test(nick);
    const token = session.password?.replace(/^oauth:/, "") ?? null;
    if (!isNobody && (token === null || !this.#stage.gate.isGood(token))) {
      this.#stage.ledger.refused += 1;
      this.expel(line);
      return;
    }
    line.token = isNobody ? null : token;
    session.nick = nick;
    session.isAccount = !isNobody;
    const say = (number: string, text: string): string =>
      write({ command: `${number} ${nick}`, text });
    line.send(
      frameOf(
        say("001", "Welcome, GLHF!"),
        say("002", `Your host is ${host}`),
        say("003", "This server is rather new"),
        say("004", "-"),
        say("375", "-"),
        say("372", "You are in a maze of twisty passages, all alike."),
        say("376", ">"),
      ),
    );
  }

  async #join(line: Line, session: Session, room: string): Promise<void> {
    const at = Date.now();
    const { mostJoins = null, joinDelayMs = 0 } = this.#knobs;
    const recent = this.#joins.filter((each) => each.at > at - joinWindowMs).length;
    const isTooMany = mostJoins !== null && recent >= mostJoins;
    const refusal = this.#refusedRooms.get(room);
    const isAnswered = session.nick !== null && !isTooMany && refusal === undefined;
    keep(this.#joins, { socket: line.number, room, isAnswered, at }, keptReports);
    if (joinDelayMs > 0) await this.#stage.pause(joinDelayMs).catch(() => {});
    if (refusal === "suspended" || refusal === "banned") {
      const id = refusal === "banned" ? "msg_banned" : "msg_channel_suspended";
      line.send(frameOf(write({ tags: { "msg-id": id }, command: "NOTICE", room, text: refusal })));
    }
    if (!isAnswered || !line.isOpen || this.#stage.signal.aborted) return;
    const nick = session.nick ?? "";
    session.rooms.add(room);
    line.send(frameOf(write({ from: prefixOf(nick), command: "JOIN", room })));
    const state = {
      "emote-only": "0",
      "followers-only": "-1",
      r9k: "0",
      "room-id": idOf(room),
      slow: "0",
      "subs-only": "0",
    };
    line.send(frameOf(write({ tags: state, command: "ROOMSTATE", room })));
    this.#stage.changed();
  }

  async #sendAway(leaveMs: number | undefined, signal: AbortSignal): Promise<Outcome> {
    const lines = this.#stage.openLines;
    for (const line of lines) {
      line.send(frameOf(write({ command: "RECONNECT" })));
    }
    if (leaveMs !== undefined) {
      await this.#stage.pause(leaveMs, signal);
      for (const line of lines) {
        line.close(1001);
      }
    }
    return { count: lines.length };
  }

  /** What was written over HTTP is heard by every socket in the room. */
  #sayWritten({ roomId, text, replyTo }: Written): string {
    const rooms = this.#stage.openLines.flatMap((line) => [
      ...(this.#sessions.get(line)?.rooms ?? []),
    ]);
    const room = rooms.find((each) => idOf(each) === roomId);
    const isAction = text.startsWith("/me ");
    const id = this.#stage.chance.uuid();
    const utterance = this.#speaker.message({
      text: isAction ? text.slice(4) : text,
      author: writer.login,
      id,
      isAction,
      ...(room === undefined ? {} : { room }),
      tags: {
        "user-id": writer.id,
        ...(replyTo === null ? {} : { "reply-parent-msg-id": replyTo }),
      },
    });
    this.#speaker.say(utterance);
    return id;
  }
}
