import { splitAtSpans, makeMessage } from "../../../event/message.ts";
import type { Fragment, Message } from "../../../event/shapes.ts";
import { ANY_UNIT } from "../../../event/spans.ts";
import type { StreamItem } from "../wire/frames.ts";

const STICKER = /^:emote\/[a-z]+\/[^/:]+\/([^/:]+):$/;

/** A chat message: a sticker, or words with the emojis where the item says they are. */
export function toMessage(item: StreamItem, content: string): Message {
  return makeMessage(item.id ?? undefined, readFragments(content, item.emojis ?? []));
}

function readFragments(content: string, emojis: readonly number[]): Fragment[] {
  const sticker = STICKER.exec(content)?.[1];
  if (sticker !== undefined) {
    const image = `https://images.prd.dlivecdn.com/emote/${sticker}`;
    return [{ type: "sticker", text: content, id: sticker, image }];
  }
  const spans = [];
  for (let i = 0; i + 1 < emojis.length; i += 2) {
    const [start = -1, last = -1] = emojis.slice(i, i + 2);
    spans.push({ start, end: last + 1, fragment: { type: "emoji" as const } });
  }
  // In what they are counted is not documented.
  return splitAtSpans(content, spans, { units: ANY_UNIT });
}
