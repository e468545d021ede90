import { burst } from "../kit/burst.ts";
import { type Chatter, chatters, smallTalk, streamer } from "../kit/cast.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import { burstKey } from "../kit/truth.ts";
import type { Spoken, Utterance } from "../kit/utterance.ts";
import type { ActionNamed, TwitchAction } from "./actions.ts";
import { idOf, prefixOf, tagsOf } from "./people.ts";
import { frameOf, write, type Words } from "./wire.ts";

type Of<Name extends TwitchAction["action"]> = Omit<ActionNamed<Name>, "action">;

/** The stand-in for who gives without a name. */
const nobody: Chatter = {
  name: "AnAnonymousGifter",
  color: "",
  isModerator: false,
  subscribedMonths: 0,
};
const nobodysId = "274598607";

/** Puts what happens into lines, and each line into every room that it is meant for. */
export class Speaker {
  readonly #stage: Stage;
  readonly #roomsOf: (line: Line) => Iterable<string>;
  framing: "line" | "halves" = "line";

  constructor(stage: Stage, roomsOf: (line: Line) => Iterable<string>) {
    this.#stage = stage;
    this.#roomsOf = roomsOf;
  }

  say(...utterances: readonly Utterance[]): Outcome {
    const heard = utterances.map((utterance) => this.#stage.say(utterance));
    return { heard: heard.includes(true), keys: utterances.flatMap(keysOf) };
  }

  message({ text, author, room, id, isAction, tags }: Of<"message">): Utterance {
    const { chance } = this.#stage;
    const chatter = author === undefined ? chance.pick(chatters) : findChatter(author);
    const login = chatter.name.toLowerCase();
    const key = id ?? chance.uuid();
    const said = text ?? smallTalk(chance);
    const words = {
      tags: { ...tagsOf(chatter), ...plain, id: key, ...tags },
      from: prefixOf(login),
      command: "PRIVMSG",
      text: isAction === true ? `\u0001ACTION ${said}\u0001` : said,
    };
    return this.#utterance(words, room, { kind: "PRIVMSG", key, target: room ?? null, text: said });
  }

  notice({
    kind,
    params = {},
    text,
    system = "",
    author,
    room,
    id,
    tags,
  }: Of<"notice">): Utterance {
    const { chance } = this.#stage;
    const chatter = author === undefined ? chance.pick(chatters) : findChatter(author);
    const key = id ?? chance.uuid();
    const own = Object.entries(params).map(([name, value]) => [`msg-param-${name}`, value]);
    const words = {
      tags: {
        ...tagsOf(chatter),
        emotes: "",
        flags: "",
        id: key,
        login: chatter.name.toLowerCase(),
        "msg-id": kind,
        ...Object.fromEntries(own),
        "system-msg": system,
        ...(chatter === nobody ? { "user-id": nobodysId } : {}),
        ...tags,
      },
      command: "USERNOTICE",
      ...(text === undefined ? {} : { text }),
    };
    const spoken = { kind, key, target: room ?? null, ...(text === undefined ? {} : { text }) };
    return this.#utterance(words, room, spoken);
  }

  /** One purchase, and a notice for each gift of it. */
  bomb({ count, author, room, isAnonymous, naming }: Of<"bomb">): Utterance[] {
    const { chance } = this.#stage;
    const isOld = naming === "origin-id";
    const bytes = chance.hex(40).match(/../g)?.join(" ") ?? "";
    const id = isOld ? bytes : String(chance.integer(10 ** 9, 10 ** 12));
    const name = isAnonymous === true ? nobody.name : (author ?? chance.pick(chatters).name);
    const shared = {
      "origin-id": id,
      "sub-plan": "1000",
      ...(isOld ? {} : { "community-gift-id": id }),
    };
    const place = { author: name, room };
    const gifts = Array.from({ length: count }, (_, index) => {
      const { name: to } = chatters[index % chatters.length] ?? streamer;
      const login = to.toLowerCase();
      const recipient = {
        "recipient-display-name": to,
        "recipient-id": idOf(login),
        "recipient-user-name": login,
      };
      const params = { ...shared, ...recipient, months: "1", "gift-months": "1" };
      return this.notice({
        kind: "subgift",
        params,
        system: `${name} gifted ${to} a sub!`,
        ...place,
      });
    });
    const bought = { ...shared, "mass-gift-count": String(count) };
    return [this.notice({ kind: "submysterygift", params: bought, ...place }), ...gifts];
  }

  clear({ login, seconds, room }: Of<"clear">): Utterance {
    const whom = login === undefined ? {} : { "target-user-id": idOf(login) };
    const time = seconds === undefined ? {} : { "ban-duration": String(seconds) };
    const words = { tags: { ...time, ...whom }, command: "CLEARCHAT", text: login };
    return this.#utterance(words, room, { kind: "CLEARCHAT", key: null, target: room ?? null });
  }

  deletion({ id, login = "somebody", text = "what was deleted", room }: Of<"delete">): Utterance {
    const tags = { login, "room-id": "", "target-msg-id": id };
    const words = { tags, command: "CLEARMSG", text };
    return this.#utterance(words, room, { kind: "CLEARMSG", key: id, target: room ?? null });
  }

  roomState({ room, tags }: Of<"roomState">): Utterance {
    const words = { tags, command: "ROOMSTATE" };
    return this.#utterance(words, room, { kind: "ROOMSTATE", key: null, target: room ?? null });
  }

  burst(
    { count, perSecond, prefix = "burst " }: Of<"burst">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { chance } = this.#stage;
    const mark = { prefix, keyStem: chance.uuid().slice(0, -12) };
    const item = (number: number): Utterance => {
      const chatter = chatters[number % chatters.length] ?? streamer;
      const key = burstKey(mark.keyStem, number);
      const words = {
        tags: { ...tagsOf(chatter), ...plain, id: key },
        from: prefixOf(chatter.name.toLowerCase()),
        command: "PRIVMSG",
        text: prefix + String(number),
      };
      const spoken = { kind: "PRIVMSG", key, target: null, burst: { mark, number } };
      return this.#utterance(words, undefined, spoken);
    };
    return burst(this.#stage, { count, perSecond }, item, signal);
  }

  #utterance(words: Omit<Words, "room">, only: string | undefined, spoken: Spoken): Utterance {
    const sentAt = String(Date.now());
    return {
      spoken: [spoken],
      framesFor: (line) => {
        const rooms = [...this.#roomsOf(line)];
        const meant = only === undefined ? rooms : rooms.filter((room) => room === only);
        return meant.flatMap((room) => {
          const tags = { "room-id": idOf(room), "tmi-sent-ts": sentAt, ...words.tags };
          return this.#cut(frameOf(write({ ...words, tags, room })));
        });
      },
    };
  }

  #cut(frame: string): string[] {
    const middle = Math.floor(frame.length / 2);
    return this.framing === "line" ? [frame] : [frame.slice(0, middle), frame.slice(middle)];
  }
}

const plain = { emotes: "", "first-msg": "0", flags: "", "returning-chatter": "0" };

function findChatter(name: string): Chatter {
  const known = [...chatters, streamer, nobody].find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  );
  return known ?? { name, color: "#808080", isModerator: false, subscribedMonths: 0 };
}
