import { askFor, failSend, failSession, issueSend, observeConnection } from "../../effects.ts";
import {
  startSession,
  type ProviderEffect,
  type SendRequest,
  type Session,
  type SocketInput,
} from "../../session.ts";
import { toConnection } from "./connection.ts";
import { NO_APP } from "./failures.ts";
import { hear } from "./hook.ts";
import type { KickLink } from "./link.ts";
import { isStep, look, onAnswer, onLost } from "./looking.ts";
import { readOutcome, toExchange } from "./sending.ts";
import { andThen, react, type KickReaction, type KickState } from "./state.ts";

/** The name of the timer that has the subscriptions looked at again. */
export const LOOK = "look";

/**
 * Begins a session: it finds whose channel it is, sees to it that all is subscribed, and looks again
 * each hour, since Kick says nothing when it lets go of a subscription. What happens comes as frames,
 * whatever else goes well or badly.
 */
export function openSession(link: KickLink): Session<ProviderEffect> {
  const initial: KickState = {
    isReady: false,
    token: null,
    isTokenAnew: false,
    channel: null,
    asked: [],
    refused: [],
    heardAt: link.heard.at,
    isHeard: link.heard.isAny,
    writerReason: null,
    isRenewed: link.isRenewed,
    isRenewing: false,
    trouble: null,
    isSilent: false,
  };
  return startSession((state, input) => step(link, state, input), initial);
}

function step(link: KickLink, state: KickState, input: SocketInput): KickReaction {
  switch (input.type) {
    case "socket-opened":
      return link.app === null ? react(state, failSession(NO_APP)) : look(link, state, input.at);
    case "frame-received":
      return onFrame(link, state, input.frame, input.at);
    case "timer-fired":
      return input.timer === LOOK ? look(link, state, input.at) : react(state);
    case "send-requested":
      return react(state, ...onSend(link, state, input.send));
    case "request-answered":
      return isStep(input.request)
        ? onAnswer(link, state, input)
        : onOutcome(link, state, input.request, input.status, input.body);
    case "request-lost":
      return isStep(input.request)
        ? onLost(link, state, input.request)
        : react(state, failSend(input.request, { reason: "outcome_unknown" }));
    default:
      // Nothing else was asked for.
      return react(state);
  }
}

function onFrame(link: KickLink, before: KickState, frame: string, at: number): KickReaction {
  const effects = hear(link.channel, frame);
  const drafts = effects.flatMap((each) => (each.type === "events-observe" ? each.drafts : []));
  if (drafts.length === 0) return react(before, ...effects);
  const heard = { ...before, heardAt: at, isHeard: true, isSilent: false };
  const live = drafts.flatMap(({ type }) =>
    type === "stream.online" ? [true] : type === "stream.offline" ? [false] : [],
  )[0];
  const { channel } = heard;
  const isNews = live !== undefined && channel !== null;
  const state = isNews ? { ...heard, channel: { ...channel, isLive: live } } : heard;
  return andThen(react(before, ...effects), () => tellChange(link, before, state));
}

/** Tells of the connection where something is other than it was. Before all is ready there is none. */
export function tellChange(link: KickLink, before: KickState, state: KickState): KickReaction {
  const [was, is] = [toConnection(link, before), toConnection(link, state)];
  const isSame = JSON.stringify(was) === JSON.stringify(is);
  return isSame || !state.isReady ? react(state) : react(state, observeConnection(is));
}

function onSend(
  link: KickLink,
  { channel, writerReason }: KickState,
  { job, identifier, content }: SendRequest,
): ProviderEffect[] {
  const isOther = content.kind !== "chat" || (content.as ?? identifier) !== identifier;
  if (link.account === null || channel === null || writerReason !== null || isOther) {
    return [failSend(job, { reason: writerReason ?? "not_writable" })];
  }
  return [issueSend(job), askFor(job, toExchange(link, link.account, channel.id, content))];
}

/** A message was answered. */
function onOutcome(
  link: KickLink,
  before: KickState,
  job: string,
  status: number,
  body: string,
): KickReaction {
  const isRenewable = link.account?.isRenewable === true && !before.isRenewed;
  const outcome = readOutcome(job, status, body, isRenewable);
  if (status !== 401) return react({ ...before, isRenewed: false }, outcome);
  const ended = react(before, outcome);
  const reason = "token_invalid";
  const told = andThen(ended, (state) =>
    tellChange(link, state, { ...state, writerReason: reason }),
  );
  if (!isRenewable || before.isRenewing) return told;
  // Renewed once, by a session that takes over when it is ready.
  return andThen(told, (state) =>
    react(
      { ...state, isRenewing: true },
      { type: "session-replace", reason, handOver: JSON.stringify({ isRenewed: true }) },
    ),
  );
}
