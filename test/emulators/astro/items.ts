import { BadInput } from "../kit/bad-input.ts";
import { chatters, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import type { ActionOf } from "./actions.ts";
import { activityTypes, makeActivity, objectId } from "./activities.ts";
import { chatMessage, chatPlatforms } from "./chat.ts";
import { payloads } from "./payloads.ts";
import { chatterNamed } from "./people.ts";
import { approvals, makeTip, tipTopics } from "./tips.ts";
import { noticeTopic } from "./topics.ts";
import { ulid } from "./wire.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is to be said on a topic, before it is a frame. */
export interface Content {
  readonly topic: string;
  readonly data: unknown;
  readonly text?: string | undefined;
  /** Without it, the room that a token opens. */
  readonly room?: string | undefined;
  readonly id?: string | undefined;
  /** Laid over the frame, around the data. */
  readonly envelope?: Fields | undefined;
}

export function chatContent(spec: ActionOf<"chat">, chance: Chance): Content {
  const { platform = "twitch", text = smallTalk(chance), author, messageId, override } = spec;
  const chatter = author === undefined ? chance.pick(chatters) : chatterNamed(author);
  const data = chatMessage(platform, { chance, author: chatter, text, messageId });
  return { topic: "channel.chat.message", text, data: { ...data, ...override }, ...around(spec) };
}

export function activityContent(spec: ActionOf<"activity">, chance: Chance): Content {
  const who = spec.who === undefined ? undefined : chatterNamed(spec.who);
  const activity = makeActivity({ ...spec, who }, chance);
  const { message } = activity["data"] as Fields;
  return {
    topic: "channel.activities",
    data: { ...activity, ...spec.override },
    text: typeof message === "string" && message !== "" ? message : undefined,
    ...around(spec),
  };
}

/** One for each topic it is told on. Then both have the same frame id, as in the service's examples. */
export function tipContents(spec: ActionOf<"tip">, chance: Chance): Content[] {
  const { approved = "allowed", message = kindWords(chance), override } = spec;
  const usual = approved === "allowed" ? "channel.tips" : "channel.tips.moderation";
  const id = spec.id ?? ulid(chance);
  const whole = {
    ...spec,
    approved,
    message,
    username: spec.username ?? chance.pick(chatters).name,
    tipId: spec.tipId ?? objectId(chance),
  };
  return (spec.topics ?? [usual]).map((topic) => ({
    topic,
    text: message,
    data: { ...makeTip(whole, topic, chance), ...override },
    ...around(spec),
    id,
  }));
}

export function itemContent(spec: ActionOf<"item">, chance: Chance): Content {
  const { topic, variant, override } = spec;
  const content = spec.data === undefined ? payloadOf(topic, variant, chance) : { data: spec.data };
  const data = override === undefined ? content.data : { ...(content.data as object), ...override };
  return { topic, ...content, data, ...around(spec) };
}

export function noticeContent({ message }: ActionOf<"notice">): Content {
  return { topic: noticeTopic, data: { message }, text: message };
}

/** A topic that nobody knows has an empty payload. */
function payloadOf(topic: string, variant: string | undefined, chance: Chance) {
  const variants = variantsOf(topic);
  const names = Object.keys(variants);
  const make = variants[variant ?? names[0] ?? ""];
  if (make === undefined && variant !== undefined) {
    throw new BadInput(`${topic} has no variant "${variant}": there are ${names.join(", ")}`);
  }
  return make?.(chance) ?? { data: {} };
}

type Variants = Record<string, (chance: Chance) => Pick<Content, "data" | "text">>;

function variantsOf(topic: string): Variants {
  switch (topic) {
    case "channel.chat.message":
      return named(chatPlatforms, (platform) => (chance) => {
        return chatContent({ action: "chat", platform }, chance);
      });
    case "channel.activities":
      return named(activityTypes, (type) => (chance) => {
        return activityContent({ action: "activity", type }, chance);
      });
    case "channel.tips":
    case "channel.tips.moderation":
      return named(approvals, (approved) => (chance) => {
        const topics = tipTopics.filter((known) => known === topic);
        return tipContents({ action: "tip", approved, topics }, chance)[0] ?? { data: {} };
      });
    default:
      return Object.fromEntries(
        Object.entries(payloads[topic] ?? {}).map(([name, make]) => [
          name,
          (chance: Chance) => ({ data: make(chance) }),
        ]),
      );
  }
}

function named<Name extends string>(
  names: readonly Name[],
  make: (name: Name) => Variants[string],
): Variants {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

/** What every action may say of the frame itself. */
function around({
  room,
  id,
  envelope,
}: Pick<Content, "room" | "id" | "envelope">): Pick<Content, "room" | "id" | "envelope"> {
  return { room, id, envelope };
}
