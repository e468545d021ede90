import { burst } from "../kit/burst.ts";
import { chatters, smallTalk, streamer } from "../kit/cast.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import { burstKey } from "../kit/truth.ts";
import type { Spoken, Utterance } from "../kit/utterance.ts";
import type { ActionNamed, EventSubAction } from "./actions.ts";
import { findChatter, messageEvent, named, noticeEvent, plainEvent } from "./events.ts";
import type { Session } from "./session.ts";
import { notificationFrame, stamp } from "./wire.ts";

type Of<Name extends EventSubAction["action"]> = Omit<ActionNamed<Name>, "action">;

/** Puts what happens into notifications, one for each subscription to its type. */
export class Speaker {
  readonly #stage: Stage;
  readonly #sessionOf: (line: Line) => Session | null;

  /** `sessionOf`: whose subscriptions a socket hears now. */
  constructor(stage: Stage, sessionOf: (line: Line) => Session | null) {
    this.#stage = stage;
    this.#sessionOf = sessionOf;
  }

  say(...utterances: readonly Utterance[]): Outcome {
    const heard = utterances.map((utterance) => this.#stage.say(utterance));
    return { heard: heard.includes(true), keys: utterances.flatMap(keysOf) };
  }

  message({ text, author, id, isAction, event }: Of<"message">): Utterance {
    const { chance } = this.#stage;
    const chatter = author === undefined ? chance.pick(chatters) : findChatter(author);
    const key = id ?? chance.uuid();
    const said = text ?? smallTalk(chance);
    const own = { ...messageEvent(chatter, { id: key, text: said, isAction }), ...event };
    const type = "channel.chat.message";
    return this.#utterance(type, own, { kind: type, key, target: null, text: said });
  }

  notice({ kind, own = {}, text = "", system = "", author, id }: Of<"notice">): Utterance {
    const { chance } = this.#stage;
    const chatter = author === undefined ? chance.pick(chatters) : findChatter(author);
    return this.#notice({ kind, own, text, system, id: id ?? chance.uuid() }, chatter);
  }

  /** One purchase, and a notice for each gift of it. */
  bomb({ count, author, isAnonymous }: Of<"bomb">): Utterance[] {
    const { chance } = this.#stage;
    const known = author === undefined ? chance.pick(chatters) : findChatter(author);
    const giver = isAnonymous === true ? null : known;
    const bomb = String(chance.integer(10 ** 9, 10 ** 12));
    const plain = { text: "", system: "" };
    const total = { id: bomb, total: count, sub_tier: "1000", cumulative_total: null };
    const bought = { kind: "community_sub_gift", own: total, ...plain };
    const gifts = Array.from({ length: count }, (_, index) => {
      const to = chatters[index % chatters.length] ?? streamer;
      const gift = {
        ...named("recipient_user", to),
        sub_tier: "1000",
        duration_months: 1,
        cumulative_total: null,
        community_gift_id: bomb,
      };
      return this.#notice({ kind: "sub_gift", own: gift, ...plain, id: chance.uuid() }, giver);
    });
    return [this.#notice({ ...bought, id: chance.uuid() }, giver), ...gifts];
  }

  event({ type, author, event }: Of<"event">): Utterance {
    const { chance } = this.#stage;
    const chatter = author === undefined ? chance.pick(chatters) : findChatter(author);
    const at = stamp(this.#stage.nanoseconds());
    const own = { ...plainEvent(type, chatter, at), ...event };
    return this.#utterance(type, own, { kind: type, key: null, target: null });
  }

  burst(
    { count, perSecond, prefix = "burst " }: Of<"burst">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { chance } = this.#stage;
    const mark = { prefix, keyStem: chance.uuid().slice(0, -12) };
    const type = "channel.chat.message";
    const item = (number: number): Utterance => {
      const chatter = chatters[number % chatters.length] ?? streamer;
      const key = burstKey(mark.keyStem, number);
      const own = messageEvent(chatter, { id: key, text: prefix + String(number) });
      return this.#utterance(type, own, { kind: type, key, target: null, burst: { mark, number } });
    };
    return burst(this.#stage, { count, perSecond }, item, signal);
  }

  #notice(notice: Parameters<typeof noticeEvent>[1], chatter: Parameters<typeof noticeEvent>[0]) {
    const type = "channel.chat.notification";
    const { id, kind, text } = notice;
    const spoken = { kind, key: id, target: null, ...(text === "" ? {} : { text }) };
    return this.#utterance(type, noticeEvent(chatter, notice), spoken);
  }

  #utterance(type: string, own: object, spoken: Spoken): Utterance {
    const stem = this.#stage.chance.uuid().slice(0, -12);
    const at = stamp(this.#stage.nanoseconds());
    const isRaid = type === "channel.raid";
    const event = isRaid ? own : { ...named("broadcaster_user", streamer), ...own };
    return {
      spoken: [spoken],
      framesFor: (line) => {
        const session = this.#sessionOf(line);
        if (session === null) return [];
        return [...session.subscriptions.values()]
          .filter((each) => each.type === type && (!isRaid || isMeant(each.condition, own)))
          .map((each) => {
            // Another for each subscription, and the same on every socket that tells of it.
            const id = stem + each.number.toString(16).padStart(12, "0");
            return notificationFrame({ id, at }, session, each, event);
          });
      },
    };
  }
}

/** A raid is told to whoever asked for one of its two ends. */
function isMeant(condition: Readonly<Record<string, string>>, event: object): boolean {
  const ends = event as Record<string, unknown>;
  return Object.entries(condition).some(([name, id]) => id !== "" && ends[name] === id);
}
