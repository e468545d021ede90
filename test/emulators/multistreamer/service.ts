import type { Service } from "../kit/emulation.ts";
import type { Refusal } from "../kit/gate.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import type { Dialled } from "../kit/truth.ts";
import type { Utterance } from "../kit/utterance.ts";
import { Accounts } from "./accounts.ts";
import { type ActionOf, type MultistreamerOwnAction, usualKnobs } from "./actions.ts";
import { Chat } from "./chat.ts";
import { multistreamerGarbage } from "./garbage.ts";
import { Posts } from "./posts.ts";
import { sayRecorded } from "./recorded.ts";
import type { MultistreamerReport } from "./report.ts";
import { Statuses } from "./statuses.ts";
import { Users } from "./users.ts";
import { Viewers } from "./viewers.ts";
import * as wire from "./wire.ts";
import { Writers } from "./writers.ts";

const usualFlaps = 5;

export class MultistreamerService implements Service<MultistreamerOwnAction, MultistreamerReport> {
  readonly garbage = multistreamerGarbage;
  readonly #stage: Stage;
  readonly #knobs = usualKnobs();
  readonly #users = new Users();
  readonly #accounts = new Accounts();
  readonly #writers: Writers;
  readonly #statuses: Statuses;
  readonly #chat: Chat;
  readonly #posts: Posts;
  readonly #viewers: Viewers;
  #pings = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    const shared = { stage, users: this.#users, accounts: this.#accounts, knobs: this.#knobs };
    this.#writers = new Writers(shared);
    this.#statuses = new Statuses({ ...shared, writers: this.#writers });
    this.#chat = new Chat(shared);
    this.#posts = new Posts({ ...shared, writers: this.#writers, chat: this.#chat });
    this.#viewers = new Viewers(stage.chance);
  }

  admit({ path, query }: Dialled): Refusal | null {
    const token = query["token"] ?? "";
    const isLetIn =
      token !== "" &&
      this.#stage.gate.isGood(token) &&
      wire.streamIdIn(path) === wire.streamId &&
      this.#users.of(token).chatLevel > 0;
    return isLetIn ? null : { status: 403, text: wire.refusalText };
  }

  /** Nothing is said to a new socket until it asks, but what happens it hears from now on. */
  greet(line: Line): void {
    line.token = line.dial.query["token"] ?? null;
    line.answerClosesEmpty();
    line.onSign(() => this.#waitForSilence(line));
    this.#waitForSilence(line);
  }

  hear(line: Line, text: string): void {
    const frame = wire.readClientFrame(text);
    if (frame === "fatal") {
      void line.cut();
      return;
    }
    switch (frame?.type) {
      case "status":
        this.#statuses.answer(line);
        break;
      case "viewcount":
        this.#answerViewcount(line);
        break;
      case "writer":
        this.#writers.hear(line, {
          accountId: frame.account_id,
          target: frame.cur_stream_account_id,
        });
        break;
      case "text":
      case "emote":
        this.#posts.hear(line, frame);
        break;
      case undefined:
        break;
    }
  }

  isSubscribed(line: Line): boolean {
    return line.isOpen;
  }

  /** The service has no codes of its own. */
  expel(line: Line): void {
    line.close();
  }

  message(text: string): Utterance {
    return this.#chat.chat({ text });
  }

  perform(action: MultistreamerOwnAction, signal: AbortSignal): Outcome | Promise<Outcome> {
    switch (action.action) {
      case "burst":
        return this.#chat.burst(action, signal);
      case "chat":
        return this.#say(this.#chat.chat(action));
      case "viewcount": {
        const accountId = action.accountId ?? this.#chat.firstAccountId;
        return this.#say(this.#viewers.told(accountId, action.count));
      }
      case "account": {
        const { action: _action, ...order } = action;
        this.#accounts.put(order);
        return this.#changed();
      }
      case "removeAccount":
        this.#accounts.remove(action.id);
        this.#writers.drop(({ accountId, target }) => [accountId, target].includes(action.id));
        return this.#changed();
      case "live":
        return this.#start(action);
      case "end":
        return this.#end();
      case "status":
        return this.#say(this.#statuses.told());
      case "flap":
        return this.#flap(action, signal);
      case "user":
        this.#users.put(action);
        return {};
      case "writer":
        return this.#writers.grant(action);
      case "dropWriters":
        this.#writers.drop();
        return {};
      case "cutOnMessage":
        this.#posts.cutOn(action.when, action.times ?? 1);
        return {};
      case "frames":
        return sayRecorded(this.#stage, action, signal);
      case "knobs":
        return this.#turn(action);
    }
  }

  answer(): null {
    return null;
  }

  counts(): Record<string, number> {
    return {
      ...this.#posts.counts(),
      ...this.#writers.counts(),
      ...this.#statuses.counts(),
      pings: this.#pings,
    };
  }

  report(): MultistreamerReport {
    return {
      streamId: wire.streamId,
      status: { ...this.#accounts.status },
      accounts: structuredClone(this.#statuses.toldToOwner()),
      users: this.#users.report(),
      posted: this.#posts.report(),
      ...this.#writers.report(),
    };
  }

  #say(utterance: Utterance): Outcome {
    return { heard: this.#stage.say(utterance), keys: keysOf(utterance) };
  }

  /** Whatever comes begins the wait anew. */
  #waitForSilence(line: Line): void {
    line.beat(this.#knobs.pingAfterMs, () => {
      if (this.#stage.silence !== "everything") {
        line.ping("ping");
        this.#pings += 1;
        this.#stage.changed();
      }
    });
  }

  #answerViewcount(line: Line): void {
    const asked = this.#knobs.answersViewcount && this.#accounts.isLive;
    for (const { id } of asked ? this.#accounts.ofStream : []) {
      this.#stage.tell(line, this.#viewers.told(id));
    }
  }

  #changed(): Outcome {
    if (this.#knobs.statusPushes === "changes") {
      return this.#say(this.#statuses.told());
    }
    this.#stage.changed();
    return { heard: false };
  }

  #start({ pulling = false, incoming = true }: Omit<ActionOf<"live">, "action">): Outcome {
    this.#accounts.start({ data_pulling: pulling, data_incoming: incoming });
    return this.#say(this.#statuses.told());
  }

  /** The writers end with the stream they were for. */
  #end(): Outcome {
    this.#accounts.end();
    this.#writers.drop();
    return this.#say(this.#statuses.told());
  }

  async #flap(
    { times = usualFlaps, everyMs = 0 }: ActionOf<"flap">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    let heard = false;
    for (let time = 0; time < times; time += 1) {
      this.#end();
      await this.#stage.pause(everyMs, signal);
      heard = this.#start({}).heard === true;
      await this.#stage.pause(everyMs, signal);
    }
    return { heard, count: 2 * times };
  }

  #turn({ action: _action, ...knobs }: ActionOf<"knobs">): Outcome {
    Object.assign(this.#knobs, knobs);
    if (knobs.pingAfterMs !== undefined) {
      for (const line of this.#stage.openLines) {
        this.#waitForSilence(line);
      }
    }
    return {};
  }
}
