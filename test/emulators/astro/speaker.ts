import { burst } from "../kit/burst.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import { burstKey } from "../kit/truth.ts";
import type { Spoken, Utterance } from "../kit/utterance.ts";
import type { ActionOf } from "./actions.ts";
import { burstFrames } from "./bursts.ts";
import type { Handovers } from "./handovers.ts";
import type { Content } from "./items.ts";
import type { Knobs } from "./knobs.ts";
import { channelId } from "./people.ts";
import type { Rooms } from "./rooms.ts";
import { type Session, subscriptionKey } from "./session.ts";
import { messageEnvelope, timestamp, ulid } from "./wire.ts";

/** Who hears: those in the room, those in any room of the topic, or everybody. */
type Audience = "room" | "topic" | "all";

interface Told {
  readonly topic: string;
  readonly room: string;
  readonly audience: Audience;
}

/** Puts what happens into frames, and sends each to those who subscribed to it. */
export class Speaker {
  readonly #stage: Stage;
  readonly #knobs: Readonly<Knobs>;
  readonly #rooms: Rooms;
  readonly #handovers: Handovers;
  readonly #sessionOf: (line: Line) => Session | undefined;
  /** The recorded frames said so far, by topic and id: said again, they are repeats. */
  readonly #recorded = new Set<string>();
  #utterances = 0;

  constructor(
    stage: Stage,
    knobs: Readonly<Knobs>,
    rooms: Rooms,
    handovers: Handovers,
    sessionOf: (line: Line) => Session | undefined,
  ) {
    this.#stage = stage;
    this.#knobs = knobs;
    this.#rooms = rooms;
    this.#handovers = handovers;
    this.#sessionOf = sessionOf;
  }

  say(contents: readonly Content[]): Outcome {
    return this.#sayAll(contents.map((content) => this.utterance(content)));
  }

  /** To everybody, subscribed or not. */
  sayToAll(content: Content): Outcome {
    return this.#sayAll([this.utterance({ ...content, envelope: { room: undefined } }, "all")]);
  }

  utterance(content: Content, audience: Audience = "room"): Utterance {
    const { topic, data, text } = content;
    const room = this.#rooms.canonical(content.room ?? channelId);
    const id = content.id ?? ulid(this.#stage.chance);
    const shownRoom = this.#knobs.messageRooms ? room : null;
    const envelope = messageEnvelope({ id, ts: timestamp(), topic, room: shownRoom }, data);
    const frame = { ...envelope, ...content.envelope };
    const spoken = {
      kind: typeof frame.topic === "string" ? frame.topic : topic,
      key: typeof frame.id === "string" ? frame.id : null,
      target: audience === "all" ? null : room,
      ...(text ? { text } : {}),
    };
    return this.#utter({ topic, room, audience }, [spoken], JSON.stringify(frame));
  }

  /** Recorded elsewhere, and said here byte for byte, whichever room they name. */
  async sayRecorded(
    { frames, to = "subscribers", everyMs = 0 }: ActionOf<"frames">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const heard: boolean[] = [];
    const keys: string[] = [];
    for (const frame of frames) {
      if (everyMs > 0 && heard.length > 0) {
        await this.#stage.pause(everyMs, signal);
      }
      const text = typeof frame === "string" ? frame : JSON.stringify(frame);
      const outcome = this.#sayOneRecorded(text, to === "all" ? "all" : "topic");
      heard.push(outcome.heard);
      keys.push(...outcome.keys);
    }
    return { heard: heard.includes(true), keys, count: frames.length };
  }

  burst(
    order: Omit<ActionOf<"burst">, "action" | "reconnect">,
    before: (number: number) => void,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { prefix = "burst ", kind = "channel.chat.message" } = order;
    const room = this.#rooms.canonical(channelId);
    const shownRoom = this.#knobs.messageRooms ? room : null;
    const frames = burstFrames(kind, { room: shownRoom, prefix }, this.#stage.chance);
    const mark = { prefix, keyStem: frames.keyStem };
    const told = { topic: kind, room, audience: "room" } as const;
    const item = (number: number): Utterance => {
      before(number);
      const key = burstKey(mark.keyStem, number);
      const spoken = { kind, key, target: room, burst: { mark, number } };
      return this.#utter(told, [spoken], frames.frame(number, key));
    };
    return burst(this.#stage, order, item, signal);
  }

  #sayAll(utterances: readonly Utterance[]): Outcome {
    const heard = utterances.map((utterance) => this.#stage.say(utterance));
    return { heard: heard.includes(true), keys: utterances.flatMap(keysOf) };
  }

  /** What is no message on a topic is no occurrence, and goes to everybody. */
  #sayOneRecorded(text: string, audience: Audience): { heard: boolean; keys: string[] } {
    const { type, topic, id, room } = fieldsOf(text);
    if (type !== "message" || typeof topic !== "string" || typeof id !== "string") {
      const told = { topic: "", room: "", audience: "all" } as const;
      return { heard: this.#stage.say(this.#utter(told, [], text)), keys: [] };
    }
    const target = typeof room === "string" ? room : null;
    const utterance = this.#utter(
      { topic, room: "", audience },
      [{ kind: topic, key: id, target }],
      text,
    );
    const name = `${topic} ${id}`;
    utterance.wasHeard = this.#recorded.has(name);
    const heard = this.#stage.say(utterance);
    if (heard) {
      this.#recorded.add(name);
    }
    return { heard, keys: [id] };
  }

  #utter({ topic, room, audience }: Told, spoken: readonly Spoken[], frame: string): Utterance {
    this.#utterances += 1;
    const number = this.#utterances;
    const key = subscriptionKey(topic, room);
    return {
      spoken,
      framesFor: (line) => {
        const subscriptions = this.#sessionOf(line)?.subscriptions;
        const isAsked =
          audience === "all" ||
          (audience === "room"
            ? subscriptions?.has(key) === true
            : subscriptions !== undefined &&
              [...subscriptions.values()].some((subscription) => subscription.topic === topic));
        return isAsked && this.#handovers.isMeant(line, number) ? [frame] : [];
      },
    };
  }
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(text) as object | null) };
  } catch {
    return {};
  }
}
