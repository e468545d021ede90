import { omitUndefined } from "../../../lib/given.ts";
import { readCount, readFields, readText, readWritten, type Fields } from "../wire/fields.ts";
import { makeBits, makeKey, readMoney, type Reader } from "./envelope.ts";
import { readSaid } from "./message.ts";
import { isAnonymous, readNamed } from "./user.ts";

/** Bits, for whatever they were used. */
export const draftBits: Reader = (envelope, event) => {
  const bits = readCount(event, "bits");
  if (bits === undefined) return null;
  const name = readGift(event);
  const data = omitUndefined({
    user: isAnonymous(event) ? undefined : readNamed(event),
    amount: makeBits(bits),
    gift: name === undefined ? undefined : { name, count: 1 },
    message: readSaid(event),
  });
  return { ...envelope, type: "channel.cheer", data };
};

/** The name of what was bought with bits; undefined for a cheer. */
function readGift(event: Fields): string | undefined {
  const own = readText(readFields(event, "custom_power_up") ?? {}, "title");
  const bought = readText(readFields(event, "power_up") ?? {}, "type");
  const type = readText(event, "type");
  return own ?? bought ?? (type === "cheer" ? undefined : type);
}

/** A donation to what a campaign collects for. */
export const draftDonation: Reader = (envelope, event) => {
  const amount = readMoney(readFields(event, "amount"));
  if (amount === null) return null;
  const data = omitUndefined({
    tipId: readText(event, "id"),
    user: isAnonymous(event) ? undefined : readNamed(event),
    amount,
    kind: "charity" as const,
  });
  return { ...envelope, type: "channel.tip", data };
};

/** A reward that was redeemed, for points or for bits: one of the channel's own or one of Twitch's. */
export const draftRedemption: Reader = (envelope, event) => {
  const reward = readFields(event, "reward") ?? readFields(event, "custom_power_up");
  const title = reward === undefined ? undefined : readText(reward, "title", "type");
  if (reward === undefined || title === undefined) return null;
  if (readText(event, "user_id") === undefined) return null;
  const id = readText(event, "id");
  const status = readText(event, "status")?.toLowerCase();
  const about = omitUndefined({
    id: readText(reward, "id"),
    title,
    cost: readCount(reward, "cost", "channel_points", "bits"),
  });
  const input = (readText(event, "user_input") ?? readWritten(event))?.trim();
  const data = omitUndefined({
    user: readNamed(event),
    reward: about,
    input: input === "" ? undefined : input,
    status,
  });
  const ids = status === undefined ? [id ?? ""] : [id ?? "", status];
  const key = id === undefined ? {} : makeKey("redemption", ...ids);
  return { ...envelope, ...key, type: "channel.redemption", data };
};
