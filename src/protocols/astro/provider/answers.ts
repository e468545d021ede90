import { rejectFrame, setTimer } from "../../effects.ts";
import { ResponseData, type Frame } from "../wire/frames.ts";
import { NO_ANSWER, readRefusal, UNAUTHORIZED, type TopicRefusal } from "./refusal.ts";
import {
  ask,
  formatNonce,
  report,
  RETRY,
  type AstroLink,
  type AstroReaction,
  type AstroSessionState,
} from "./state.ts";
import {
  computeBackoffMs,
  defer,
  enqueue,
  markGranted,
  listNames,
  markRefused,
  findTopic,
} from "./subscriptions.ts";

// Bursts of 100 in 10 s are allowed: after a refusal over the rate one whole window is let pass.
const RATE_WINDOW_MS = 10_000;

const ROOM = /^[\w-]{1,100}$/;

/** A `response`: a topic is granted, refused for good, or refused for now. */
export function onResponse(link: AstroLink, state: AstroSessionState, frame: Frame): AstroReaction {
  const { message = null, topic, room } = ResponseData.parse(frame.data);
  const code = findError(frame);
  const name = findName(link, state, frame.nonce, topic);
  if (code === "rate_limit_exceeded") return onRateLimit(link, state, name, message);
  // A nonce that is not ours names something; what names nothing goes to whoever waits longest.
  const meant = name ?? (frame.nonce ? undefined : state.subscriptions.awaiting[0]);
  if (meant !== undefined) {
    return code === null
      ? onGrant(link, state, meant, room)
      : onRefusal(link, state, meant, code, message);
  }
  const held = listNames(state.subscriptions, "subscribed");
  // Which of them the token no longer serves for is not said: their answers will.
  if (code === "err_unauthorized" && held.length > 0) return ask(link, state, held);
  const problem = `a response to nothing that was asked: ${code ?? "ok"}`;
  return { state, effects: [rejectFrame(problem)] };
}

/** A topic that has been asked for and got no answer. */
export function onNoAnswer(link: AstroLink, state: AstroSessionState, name: string): AstroReaction {
  const { subscriptions } = state;
  const isPending = findTopic(subscriptions, name)?.status === "pending";
  return isPending && subscriptions.awaiting.includes(name)
    ? onDeferral(link, state, name, NO_ANSWER)
    : { state, effects: [] };
}

function onGrant(
  link: AstroLink,
  state: AstroSessionState,
  name: string,
  told: string | null | undefined,
): AstroReaction {
  const canonical = told != null && ROOM.test(told) ? told : link.providerId;
  const subscriptions = markGranted(state.subscriptions, name);
  return report(link, state, { ...state, subscriptions, room: state.room ?? canonical });
}

function onRefusal(
  link: AstroLink,
  state: AstroSessionState,
  name: string,
  code: string,
  said: string | null,
): AstroReaction {
  const refusal = readRefusal(code, { topic: name, said, token: link.token });
  // What is subscribed is lost with its right only: a server may well mind being asked twice.
  const isHeld = findTopic(state.subscriptions, name)?.status === "subscribed";
  if (refusal.retryable || (isHeld && refusal.reason !== UNAUTHORIZED)) {
    return onDeferral(link, state, name, refusal);
  }
  const subscriptions = markRefused(state.subscriptions, name, refusal);
  return report(link, state, { ...state, subscriptions });
}

function onDeferral(
  link: AstroLink,
  state: AstroSessionState,
  name: string,
  refusal: TopicRefusal,
): AstroReaction {
  const subscriptions = defer(state.subscriptions, name, refusal);
  const topic = findTopic(subscriptions, name);
  const again =
    topic?.status === "pending" ? [setTimer(RETRY + name, computeBackoffMs(topic))] : [];
  return report(link, state, { ...state, subscriptions }, again);
}

/**
 * Handles a refusal over the rate: nothing is asked for one window, and then the topic is asked for
 * again, or all that wait where none is named.
 */
function onRateLimit(
  link: AstroLink,
  state: AstroSessionState,
  name: string | undefined,
  said: string | null,
): AstroReaction {
  const meant = name === undefined ? state.subscriptions.awaiting : [name];
  const subscriptions = meant.reduce((each, topic) => {
    const refusal = readRefusal("rate_limit_exceeded", { topic, said, token: link.token });
    const next = defer(each, topic, refusal);
    return findTopic(next, topic)?.status === "pending" ? enqueue(next, [topic]) : next;
  }, state.subscriptions);
  return report(link, state, { ...state, subscriptions, isPaced: true }, [
    setTimer("pace", RATE_WINDOW_MS),
  ]);
}

/** The topic that an answer names: by its nonce, or else by itself. */
function findName(
  link: AstroLink,
  { subscriptions }: AstroSessionState,
  nonce: string | null | undefined,
  topic: string | null | undefined,
): string | undefined {
  const names = subscriptions.topics.map(({ name }) => name);
  return (
    names.find((name) => formatNonce(link, name) === nonce) ?? names.find((name) => name === topic)
  );
}

function findError({ error }: Frame): string | null {
  if (error === undefined || error === null || error === "") return null;
  return typeof error === "string" ? error : "unknown";
}
