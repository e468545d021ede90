import type { EventDraft } from "../../../event/event.ts";
import { decode } from "../../../lib/json.ts";
import { PollOption, type Item } from "../wire/items.ts";
import { makeEnvelope, readCount, readText } from "./fields.ts";

/**
 * A poll: begun, voted in, or closed. YouTube tells of it as it stands: a poll without votes has just
 * begun, and each count of votes is told once.
 */
export function draftPoll(connectionId: string, item: Item): EventDraft | null {
  const details = item.snippet.pollDetails;
  const title = readText(details?.metadata?.questionText);
  if (title === undefined) return null;
  const choices = (details?.metadata?.options ?? []).flatMap((each, index) => {
    const option = decode(PollOption, each);
    if (!option.ok) return [];
    const votes = readCount(option.value.tally);
    const about = { id: String(index + 1), title: option.value.optionText };
    return [{ ...about, ...(votes !== undefined && { votes }) }];
  });
  const status = readText(details?.status) ?? readText(details?.metadata?.status);
  const data = { pollId: item.id, title, choices, ...(status !== undefined && { status }) };
  if (status === "closed") {
    const about = makeEnvelope(connectionId, item, "poll", `${item.id}/closed`);
    return { ...about, type: "channel.poll.ended", data };
  }
  const votes = choices.map((choice) => choice.votes ?? 0);
  const isBegun = votes.every((each) => each === 0);
  const stand = isBegun ? "active" : votes.join("-");
  const about = makeEnvelope(connectionId, item, "poll", `${item.id}/${stand}`);
  return isBegun
    ? { ...about, type: "channel.poll.started", data }
    : { ...about, type: "channel.poll.progressed", data };
}
