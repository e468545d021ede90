import { chatters } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { escapeForJson, hole, stencil } from "../kit/stencil.ts";
import { burstKey } from "../kit/truth.ts";
import { makeActivity } from "./activities.ts";
import { chatMessage } from "./chat.ts";
import { makeTip } from "./tips.ts";
import { messageEnvelope, timestamp, ulid } from "./wire.ts";

/** The topics whose items have a text to be numbered in. */
export const burstTopics = ["channel.chat.message", "channel.activities", "channel.tips"] as const;
export type BurstTopic = (typeof burstTopics)[number];

/** Enough different people in a burst to look like a crowd. */
const burstAuthors = 8;
/** A burst's item is numbered in the last digits of its key; the rest of a ULID is the stem. */
const numberDigits = 12;

interface BurstFrames {
  readonly keyStem: string;
  frame(number: number, key: string): string;
}

export function burstFrames(
  topic: BurstTopic,
  { room, prefix }: { readonly room: string | null; readonly prefix: string },
  chance: Chance,
): BurstFrames {
  const envelope = { id: hole("key"), ts: hole("time"), topic, room };
  const stencils = Array.from({ length: burstAuthors }, () =>
    stencil(JSON.stringify(messageEnvelope(envelope, holedData[topic](chance)))),
  );
  // The item's own id, which each platform and topic has beside the frame's.
  const ownStem = topic === "channel.chat.message" ? chance.uuid() : chance.hex(24);
  const text = escapeForJson(prefix);
  return {
    keyStem: ulid(chance).slice(0, -numberDigits),
    frame: (number, key) =>
      stencils[number % burstAuthors]?.({
        key,
        time: timestamp(),
        text: text + String(number),
        own: burstKey(ownStem.slice(0, -numberDigits), number),
      }) ?? "",
  };
}

const holedData: Readonly<Record<BurstTopic, (chance: Chance) => unknown>> = {
  "channel.chat.message": (chance) =>
    chatMessage("twitch", {
      chance,
      author: chance.pick(chatters),
      text: hole("text"),
      messageId: hole("own"),
    }),
  "channel.activities": (chance) =>
    makeActivity(
      { type: "cheer", activityId: hole("own"), data: { message: hole("text") } },
      chance,
    ),
  "channel.tips": (chance) =>
    makeTip({ tipId: hole("own"), message: hole("text") }, "channel.tips", chance),
};
