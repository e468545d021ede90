import type { CommonAction } from "./actions.ts";
import type { Script, Step } from "./script.ts";

/** The words in which a protocol says what the common scripts need. */
interface Words<Action> {
  /** A plain chat message. */
  readonly say: (text: string) => Action;
  readonly burst: (count: number, perSecond: number) => Action;
  /** Faults that only this protocol knows. Each is followed by a message. */
  readonly ownFaults: readonly Action[];
}

const onceSubscribed = "subscribed>=1";
const betweenFaultsMs = 1_000;

/** The scripts that every protocol has; its own `demo` comes beside them. */
export function commonScripts<Action>(
  words: Words<Action | CommonAction>,
): Record<string, Script<Action | CommonAction>> {
  return {
    quiet: { summary: "keep-alives only", steps: () => [] },
    burst: {
      summary: "5,000 events a second for 10 seconds, once a client subscribed",
      steps: () => [{ until: onceSubscribed, do: words.burst(50_000, 5_000) }],
    },
    faults: {
      summary: "every fault in turn, with a message after each",
      steps: () => faults(words),
    },
    silence: {
      summary: "a few messages, then nothing more, not even keep-alives",
      steps: () => fallSilent(words, false),
    },
    "silence-with-heartbeats": {
      summary: "a few messages, then keep-alives only",
      steps: () => fallSilent(words, true),
    },
    repeats: {
      summary: "twenty messages, each said up to four times",
      steps: () => repeats(words),
    },
  };
}

function* faults<Action>({
  say,
  ownFaults,
}: Words<Action | CommonAction>): Iterable<Step<Action | CommonAction>> {
  yield { until: onceSubscribed, do: say("All is well.") };
  const harmless: readonly (readonly [string, Action | CommonAction])[] = [
    ["That was said three times.", { action: "repeat", count: 2 }],
    ["That was garbage.", { action: "garbage" }],
    ["That was a very long message.", { action: "oversize", bytes: 300_000 }],
    ["That was a binary frame.", { action: "rawBinary", base64: "AAEC" }],
    ...ownFaults.map((fault) => ["That was a fault of this protocol's own.", fault] as const),
  ];
  for (const [text, fault] of harmless) {
    yield { afterMs: betweenFaultsMs, do: fault };
    yield { until: onceSubscribed, do: say(text) };
  }
  yield* silences(say);
  yield* cuts(say);
}

function* silences<Action>(
  say: (text: string) => Action | CommonAction,
): Iterable<Step<Action | CommonAction>> {
  for (const heartbeats of [true, false]) {
    yield { afterMs: betweenFaultsMs, do: { action: "silence", heartbeats } };
    yield { afterMs: 4_000, do: { action: "speak" } };
    yield { until: onceSubscribed, do: say("That was a silence.") };
  }
}

function* cuts<Action>(
  say: (text: string) => Action | CommonAction,
): Iterable<Step<Action | CommonAction>> {
  const endings: readonly (readonly [string, ...CommonAction[]])[] = [
    ["That was a cut.", { action: "cut" }],
    ["That was a cut inside a frame.", { action: "cut", midFrame: true }],
    ["That was a clean close.", { action: "close", code: 1012, reason: "service restart" }],
    [
      "That was a service that had no room, twice.",
      { action: "refuse", status: 503, retryAfter: 1, times: 2 },
      { action: "cut" },
    ],
    [
      "That was a dial too many.",
      { action: "refuse", status: 429, retryAfter: 2, times: 1 },
      { action: "cut" },
    ],
    ["That was a slow answer.", { action: "delayAccept", ms: 1_500 }, { action: "cut" }],
    ["That was a port where nobody answers.", { action: "gapThenBack", awayMs: 2_000 }],
  ];
  for (const [text, ...ending] of endings) {
    for (const action of ending) {
      yield { afterMs: betweenFaultsMs, do: action };
    }
    yield { until: onceSubscribed, do: say(text) };
  }
  yield { do: { action: "delayAccept", ms: 0 } };
  yield { afterMs: betweenFaultsMs, do: { action: "expireToken" } };
  yield { afterMs: 3_000, do: { action: "token", value: null } };
  yield { until: onceSubscribed, do: say("That was an expired token, and all the faults.") };
}

function* fallSilent<Action>(
  { say }: Words<Action | CommonAction>,
  heartbeats: boolean,
): Iterable<Step<Action | CommonAction>> {
  yield { until: onceSubscribed };
  for (const text of ["one", "two", "three", "and now it goes quiet"]) {
    yield { afterMs: 200, do: say(text) };
  }
  yield { afterMs: 200, do: { action: "silence", heartbeats } };
}

function* repeats<Action>({
  say,
}: Words<Action | CommonAction>): Iterable<Step<Action | CommonAction>> {
  yield { until: onceSubscribed };
  for (let number = 1; number <= 20; number += 1) {
    yield { afterMs: 100, do: say(`Said more than once: ${number}`) };
    yield { do: { action: "repeat", count: 1 + (number % 3) } };
  }
}
