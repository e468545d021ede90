import { ResponseData, type Frame } from "../wire/frames.ts";
import { NO_ANSWER, refusalOf, UNAUTHORIZED, type Refusal } from "./refusal.ts";
import {
  ask,
  nonceOf,
  reject,
  report,
  RETRY,
  timer,
  type About,
  type Reaction,
  type State,
} from "./state.ts";
import {
  backoffMs,
  deferred,
  enqueued,
  granted,
  namesIn,
  refused,
  topicIn,
} from "./subscriptions.ts";

// Bursts of 100 in 10 s are allowed: after a refusal over the rate one whole window is let pass.
const RATE_WINDOW_MS = 10_000;

const ROOM = /^[\w-]{1,100}$/;

/** A `response`: a topic is granted, refused for good, or refused for now. */
export function onResponse(about: About, state: State, frame: Frame): Reaction {
  const { message = null, topic, room } = ResponseData.parse(frame.data);
  const code = errorIn(frame);
  const name = nameIn(about, state, frame.nonce, topic);
  if (code === "rate_limit_exceeded") return onRateLimit(about, state, name, message);
  // A nonce that is not ours names something; what names nothing goes to whoever waits longest.
  const meant = name ?? (frame.nonce ? undefined : state.subscriptions.awaiting[0]);
  if (meant !== undefined) {
    return code === null
      ? onGrant(about, state, meant, room)
      : onRefusal(about, state, meant, code, message);
  }
  const held = namesIn(state.subscriptions, "subscribed");
  // Which of them the token no longer serves for is not said: their answers will.
  if (code === "err_unauthorized" && held.length > 0) return ask(about, state, held);
  return reject(state, `a response to nothing that was asked: ${code ?? "ok"}`);
}

/** A topic that has been asked for and got no answer. */
export function onNoAnswer(about: About, state: State, name: string): Reaction {
  const { subscriptions } = state;
  const isPending = topicIn(subscriptions, name)?.status === "pending";
  return isPending && subscriptions.awaiting.includes(name)
    ? onDeferral(about, state, name, NO_ANSWER)
    : { state, effects: [] };
}

function onGrant(
  about: About,
  state: State,
  name: string,
  told: string | null | undefined,
): Reaction {
  const canonical = told != null && ROOM.test(told) ? told : about.providerId;
  const subscriptions = granted(state.subscriptions, name);
  return report(about, state, { ...state, subscriptions, room: state.room ?? canonical });
}

function onRefusal(
  about: About,
  state: State,
  name: string,
  code: string,
  said: string | null,
): Reaction {
  const refusal = refusalOf(code, { topic: name, said, token: about.token });
  // What is subscribed is lost with its right only: a server may well mind being asked twice.
  const isHeld = topicIn(state.subscriptions, name)?.status === "subscribed";
  if (refusal.retryable || (isHeld && refusal.reason !== UNAUTHORIZED)) {
    return onDeferral(about, state, name, refusal);
  }
  const subscriptions = refused(state.subscriptions, name, refusal);
  return report(about, state, { ...state, subscriptions });
}

function onDeferral(about: About, state: State, name: string, refusal: Refusal): Reaction {
  const subscriptions = deferred(state.subscriptions, name, refusal);
  const topic = topicIn(subscriptions, name);
  const again = topic?.status === "pending" ? [timer(RETRY + name, backoffMs(topic))] : [];
  return report(about, state, { ...state, subscriptions }, again);
}

/** Whoever waits may be meant. Nothing more is asked for one window, and then they are again. */
function onRateLimit(
  about: About,
  state: State,
  name: string | undefined,
  said: string | null,
): Reaction {
  const meant = name === undefined ? state.subscriptions.awaiting : [name];
  const subscriptions = meant.reduce((each, topic) => {
    const refusal = refusalOf("rate_limit_exceeded", { topic, said, token: about.token });
    const next = deferred(each, topic, refusal);
    return topicIn(next, topic)?.status === "pending" ? enqueued(next, [topic]) : next;
  }, state.subscriptions);
  return report(about, state, { ...state, subscriptions, isPaced: true }, [
    timer("pace", RATE_WINDOW_MS),
  ]);
}

/** The topic that an answer names: by its nonce, or else by itself. */
function nameIn(
  about: About,
  { subscriptions }: State,
  nonce: string | null | undefined,
  topic: string | null | undefined,
): string | undefined {
  const names = subscriptions.topics.map(({ name }) => name);
  return (
    names.find((name) => nonceOf(about, name) === nonce) ?? names.find((name) => name === topic)
  );
}

function errorIn({ error }: Frame): string | null {
  if (error === undefined || error === null || error === "") return null;
  return typeof error === "string" ? error : "unknown";
}
