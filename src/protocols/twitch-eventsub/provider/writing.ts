import { failSend, issueSend } from "../../effects.ts";
import type { ProviderEffect, SendRequest } from "../../session.ts";
import { readOutcome, requestMessage, WRITING, type SendAnswer } from "../../twitch-sending.ts";
import { join, react, type EventSubLink, type EventSubState, type Reaction } from "./state.ts";
import { onRefusedToken } from "./token.ts";

/** A message is to be written: as the token's user, into this channel. */
export function onSend(
  { url }: EventSubLink,
  { account, holder, broadcasterId, trouble }: EventSubState,
  { job, identifier, content }: SendRequest,
): ProviderEffect[] {
  const isOther = content.kind !== "chat" || (content.as ?? identifier) !== identifier;
  if (isOther || holder === null || broadcasterId === null) {
    return [failSend(job, { reason: "not_writable" })];
  }
  if (trouble !== null) return [failSend(job, { reason: trouble })];
  if (!holder.scopes.includes(WRITING)) return [failSend(job, { reason: "scope_missing" })];
  const exchange = requestMessage(
    { url, account, room: broadcasterId, user: holder.userId },
    content,
  );
  return [issueSend(job), { type: "request-issue", request: job, exchange }];
}

/** A message was answered. */
export function onOutcome(
  link: EventSubLink,
  state: EventSubState,
  job: string,
  answer: SendAnswer,
  at: number,
): Reaction {
  const ended = react(state, readOutcome(job, answer, state.account.isRenewable));
  return answer.status === 401 ? join(ended, (next) => onRefusedToken(link, next, at)) : ended;
}
