import { failSend, issueSend, observeConnection, setTimer } from "../../effects.ts";
import type { ProviderEffect, SendRequest } from "../../session.ts";
import {
  readValidation,
  requestValidation,
  VALIDATE_AGAIN_MS,
  VALIDATE_EACH_MS,
} from "../../twitch-account.ts";
import { readOutcome, requestMessage, WRITING, type SendAnswer } from "../../twitch-sending.ts";
import { toConnection, type HandOver, type TwitchLink, type Writer } from "./connection.ts";
import type { TwitchReaction, TwitchState } from "./state.ts";

/** The name of the request, and of the timer that is set for the next. */
export const VALIDATION = "validation";

/** Asks about the token, where there is one. */
export function validate({ url, account }: TwitchLink): ProviderEffect[] {
  if (account === null) return [];
  const exchange = requestValidation(url, account);
  return [{ type: "request-issue", request: VALIDATION, exchange }];
}

/** Twitch has said, or has not, whose the token is and what it is good for. */
export function onValidation(
  link: TwitchLink,
  state: TwitchState,
  status: number,
  body: string,
): TwitchReaction {
  if (link.account === null) return { state, effects: [] };
  const validation = readValidation(link.account, status, body);
  const again = setTimer(
    VALIDATION,
    validation.type === "unknown" ? VALIDATE_AGAIN_MS : VALIDATE_EACH_MS,
  );
  switch (validation.type) {
    case "good": {
      const { userId, scopes } = validation.holder;
      const writer = scopes.includes(WRITING)
        ? { userId, reason: null }
        : { userId: null, reason: "scope_missing" };
      return tell(link, state, writer, [again]);
    }
    case "useless":
      return tell(link, state, { userId: null, reason: validation.reason }, [again]);
    case "unknown":
      return { state, effects: [again] };
    case "refused":
      return onRefusal(link, state, [again]);
  }
}

/** Nobody answered: a message may have arrived, and of the token nothing is known. */
export function onLostRequest(request: string): ProviderEffect {
  return request === VALIDATION
    ? setTimer(VALIDATION, VALIDATE_AGAIN_MS)
    : failSend(request, { reason: "outcome_unknown" });
}

/** A message was answered. */
export function onOutcome(
  link: TwitchLink,
  state: TwitchState,
  job: string,
  answer: SendAnswer,
): TwitchReaction {
  const ended = readOutcome(job, answer, link.account?.isRenewable === true);
  return answer.status === 401 ? onRefusal(link, state, [ended]) : { state, effects: [ended] };
}

/** The token is of no use any more: it is renewed once, by a socket that takes over when it is ready. */
function onRefusal(
  link: TwitchLink,
  state: TwitchState,
  first: readonly ProviderEffect[],
): TwitchReaction {
  const writer: Writer = { userId: null, reason: "token_invalid" };
  const told = tell(link, state, writer, first);
  const isOver = state.isRenewing || link.handOver?.isRenewed === true;
  if (isOver || link.account?.isRenewable !== true) return told;
  const handOver: HandOver = { isRenewed: true, hops: link.handOver?.hops ?? 0, writer };
  return {
    state: { ...told.state, isRenewing: true },
    effects: [
      ...told.effects,
      { type: "session-replace", reason: "token_invalid", handOver: JSON.stringify(handOver) },
    ],
  };
}

/** Tells who writes, where that has changed. Before the room is entered there is nothing to tell of. */
function tell(
  link: TwitchLink,
  state: TwitchState,
  writer: Writer,
  first: readonly ProviderEffect[],
): TwitchReaction {
  const isSame = JSON.stringify(writer) === JSON.stringify(state.writer);
  const next = { ...state, writer };
  const told = isSame || !state.isJoined ? [] : [observeConnection(toConnection(link, next))];
  return { state: next, effects: [...first, ...told] };
}

/** A message is to be written. */
export function onSend(
  { url, account }: TwitchLink,
  { roomId, writer }: TwitchState,
  { job, identifier, content }: SendRequest,
): ProviderEffect[] {
  const isOther = content.kind !== "chat" || (content.as ?? identifier) !== identifier;
  const { userId: user } = writer;
  if (account === null || user === null || roomId === undefined || isOther) {
    return [failSend(job, { reason: writer.reason ?? "not_writable" })];
  }
  const exchange = requestMessage({ url, account, room: roomId, user }, content);
  return [issueSend(job), { type: "request-issue", request: job, exchange }];
}
