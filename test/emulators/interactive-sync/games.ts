import type { Line } from "../kit/line.ts";
import type { Stage } from "../kit/stage.ts";
import { admit, type Credentials, readCredentials } from "./admission.ts";
import type { Books } from "./books.ts";
import type { Channel, Channels } from "./channels.ts";
import type { Interface } from "./interface.ts";
import type { KnobsSet } from "./knobs.ts";
import { judge, type Verdict } from "./messages.ts";
import { newSession, type Session } from "./session.ts";
import * as wire from "./wire.ts";

/** The fifth ends the connection. */
const warningLimit = 5;

/** The side of the service that games dial: who is let in, and what becomes of what they send. */
export class Games {
  readonly #stage: Stage;
  readonly #channels: Channels;
  readonly #books: Books;
  readonly #knobs: Readonly<KnobsSet>;
  readonly #sessions = new WeakMap<Line, Session>();

  constructor(stage: Stage, channels: Channels, books: Books, knobs: Readonly<KnobsSet>) {
    this.#stage = stage;
    this.#channels = channels;
    this.#books = books;
    this.#knobs = knobs;
  }

  /** Null until its `ok`. */
  channelIdOf(line: Line): string | null {
    const session = this.#sessions.get(line);
    return session?.state === "ready" ? (session.channel?.channelId ?? null) : null;
  }

  greet(line: Line): void {
    const session = newSession();
    this.#sessions.set(line, session);
    const credentials = readCredentials(line.dial);
    if ("error" in credentials) {
      this.#turnAway(line, session, credentials.error);
      return;
    }
    line.token = credentials.token;
    void this.#check(line, session, credentials);
  }

  hear(line: Line, text: string): void {
    const session = this.#sessions.get(line);
    if (session?.state === "checking") {
      this.#books.message(line.number, "beforeOk", session);
      this.#books.count("lost");
    } else if (session?.state === "ready" && session.channel !== null) {
      this.#obey(line, session, session.channel, text);
    }
  }

  /** Starts the pings of every socket anew, at the interval that holds now. */
  beatAnew(): void {
    for (const line of this.#stage.openLines) {
      const session = this.#sessions.get(line);
      if (session?.state === "ready") {
        this.#beat(line, session);
      }
    }
  }

  /** The checks for which Twitch is asked. */
  async #check(line: Line, session: Session, credentials: Credentials): Promise<void> {
    // At a reset the pause is broken off, and the line is no more.
    await this.#stage.pause(this.#knobs.okDelayMs).catch(() => {});
    if (!line.isOpen) {
      return;
    }
    const isGood = (token: string) => this.#stage.gate.isGood(token);
    const user = admit(credentials, { ...this.#knobs, isGood }, this.#channels);
    if ("error" in user) {
      this.#turnAway(line, session, user.error);
      return;
    }
    const { channelId, displayName } = user;
    const { connected } = wire.connectionTexts;
    line.send(wire.answer("ok", "connection", connected, { displayName, channelId }));
    const channel = this.#channels.open(user);
    session.channel = channel;
    session.state = "ready";
    channel.sockets.add(line.number);
    line.onPong(() => {
      session.hasPonged = true;
    });
    this.#beat(line, session);
    void this.#leaveOnceGone(line, session, channel);
    this.#stage.changed();
  }

  /** Any socket's end empties the interface, even if another one is still open. */
  async #leaveOnceGone(line: Line, session: Session, channel: Channel): Promise<void> {
    await line.gone;
    session.state = "over";
    channel.sockets.delete(line.number);
    this.#show(channel, {});
    this.#stage.changed();
  }

  #obey(line: Line, session: Session, channel: Channel, text: string): void {
    const nowMs = performance.now();
    const verdict = this.#judge(session, channel, text, nowMs);
    if (verdict.outcome !== "tooSoon" && verdict.outcome !== "spam") {
      session.lastPassedMs = nowMs;
    }
    switch (verdict.outcome) {
      case "valid":
        this.#transfer(line, session, channel, verdict.interface);
        break;
      case "spam":
      case "channelLost":
        this.#books.message(line.number, verdict.outcome, session);
        this.#end(line, session, wire.fatalTexts[verdict.outcome], null);
        break;
      default:
        this.#warn(line, session, verdict.outcome, verdict.data);
    }
  }

  #judge({ lastPassedMs }: Session, channel: Channel, text: string, nowMs: number): Verdict {
    const { warnAlways, channelLost: isChannelLost } = this.#knobs;
    if (warnAlways !== null) {
      return { outcome: warnAlways, data: null };
    }
    const sinceLastMs = lastPassedMs === null ? Number.POSITIVE_INFINITY : nowMs - lastPassedMs;
    const known = { sinceLastMs, shown: channel.interface, isChannelLost };
    return judge(text, known, this.#knobs);
  }

  #transfer(line: Line, session: Session, channel: Channel, shown: Interface | null): void {
    const { transferError } = this.#knobs;
    if (transferError === null) {
      this.#show(channel, shown);
      this.#books.message(line.number, "accepted", session);
      this.#books.accepted(line.number, channel, shown);
      line.send(wire.answer("ok", "message", wire.acceptedText));
    } else {
      // No document says whether it is kept. It is here, as if that came before Twitch is asked.
      channel.interface = shown;
      this.#books.message(line.number, "transferFailed", session);
      this.#books.count("failures");
      line.send(wire.answer("error", "message", transferError));
    }
  }

  #warn(line: Line, session: Session, name: wire.WarningName, data: unknown): void {
    session.warnings += 1;
    this.#books.message(line.number, name, session);
    this.#books.count("warnings");
    line.send(wire.answer("warning", "message", wire.warningTexts[name], data));
    if (session.warnings >= warningLimit) {
      this.#end(line, session, wire.limitExceededText, { limit: warningLimit });
    }
  }

  #show(channel: Channel, shown: Interface | null): void {
    channel.interface = shown;
    this.#books.broadcast(channel, "user_interface", shown);
  }

  /** Said before there was a channel. */
  #turnAway(line: Line, session: Session, message: string): void {
    this.#stage.ledger.refused += 1;
    this.#destroy(line, session, wire.answer("error", "connection", message));
  }

  #end(line: Line, session: Session, message: string, data: unknown): void {
    this.#books.count("ended");
    this.#destroy(line, session, wire.answer("error", "message", message, data));
  }

  /** One message, and the socket is gone without a close frame. */
  #destroy(line: Line, session: Session, frame: string): void {
    session.state = "over";
    line.send(frame);
    void line.cut();
    this.#stage.changed();
  }

  #beat(line: Line, session: Session): void {
    line.beat(this.#knobs.pingIntervalMs, () => {
      if (this.#stage.silence === "everything") {
        return;
      }
      if (session.hasPonged) {
        session.hasPonged = false;
        line.ping("");
      } else {
        void line.cut();
      }
    });
  }
}
