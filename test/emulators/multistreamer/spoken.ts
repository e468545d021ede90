import { z } from "zod";

import type { Spoken } from "../kit/utterance.ts";
import { keyOfChat } from "./keys.ts";

const Frame = z.looseObject({
  type: z.string(),
  account_id: z.union([z.number(), z.string()]).optional().catch(undefined),
  text: z.string().optional().catch(undefined),
});

/** What a frame tells of. One without a type tells of nothing. */
export function spokenOf(frame: unknown): Spoken[] {
  const { data } = Frame.safeParse(frame);
  if (data === undefined) {
    return [];
  }
  const { type, account_id: accountId, text } = data;
  const isMessage = type === "text" || type === "emote";
  const key = isMessage ? keyOfChat(data) : null;
  const target = accountId === undefined ? null : String(accountId);
  return [{ kind: type, key, target, ...(text === undefined ? {} : { text }) }];
}
