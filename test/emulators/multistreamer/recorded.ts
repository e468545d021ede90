import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { ActionOf } from "./actions.ts";
import { spokenOf } from "./spoken.ts";

/** Says what somebody else has said, word for word and in order, to every socket. */
export async function sayRecorded(
  stage: Stage,
  { frames, everyMs }: ActionOf<"frames">,
  signal: AbortSignal,
): Promise<Outcome> {
  const utterances = frames.map(utteranceOf);
  let heard = false;
  for (const [index, utterance] of utterances.entries()) {
    if (everyMs !== undefined && index > 0) {
      await stage.pause(everyMs, signal);
    }
    heard = stage.say(utterance) || heard;
  }
  return { heard, count: frames.length, keys: utterances.flatMap(keysOf) };
}

function utteranceOf(frame: string | Readonly<Record<string, unknown>>): Utterance {
  const rendered = typeof frame === "string" ? frame : JSON.stringify(frame);
  return { spoken: spokenOf(readJson(rendered)), framesFor: () => [rendered] };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
