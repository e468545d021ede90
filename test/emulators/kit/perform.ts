import type { CommonAction } from "./actions.ts";
import type { Service } from "./emulation.ts";
import type { Outcome } from "./outcome.ts";
import type { Stage } from "./stage.ts";

/** The scripts of one life, as far as actions reach them. */
export interface ScriptSwitch {
  start(name: string): void;
  stop(): void;
}

/** What a reader must survive whatever it speaks: no JSON, and JSON that is no object. */
const commonGarbage = [
  "",
  "not json",
  '{"cut":',
  "{]",
  "\u0000\u0001",
  "[]",
  "[1,2,3]",
  "{}",
  "42",
  "-1e400",
  "null",
  "true",
  '"text"',
];

export async function performCommon<Own extends { action: string }, Extra extends object>(
  stage: Stage,
  service: Service<Own, Extra>,
  scripts: ScriptSwitch,
  action: CommonAction,
  signal: AbortSignal,
): Promise<Outcome> {
  const { gate } = stage;
  switch (action.action) {
    case "repeat":
      return repeat(stage, action.count ?? 1);
    case "silence":
      stage.silence = action.heartbeats ? "items" : "everything";
      return {};
    case "speak":
      stage.silence = "none";
      return {};
    case "cut":
      return cut(stage, action.midFrame === true ? halfOf(service) : null);
    case "close":
      return close(stage, action.code ?? 1000, action.reason ?? "");
    case "endNext":
      stage.ends = action.ends;
      return {};
    case "raw":
      return sendRaw(stage, [action.frame]);
    case "rawBinary":
      return sendRaw(stage, [Buffer.from(action.base64, "base64")]);
    case "garbage":
      return sendRaw(stage, [...commonGarbage, ...service.garbage]);
    case "oversize": {
      const utterance = service.message("x".repeat(action.bytes));
      return { heard: stage.say(utterance), keys: keysOf(utterance) };
    }
    case "refuse":
      gate.refuse(
        { status: action.status ?? 401, retryAfter: action.retryAfter?.toString() },
        action.times,
      );
      return {};
    case "accept":
      gate.accept();
      return {};
    case "delayAccept":
      gate.delayMs = action.ms;
      return {};
    case "token":
      gate.acceptOnly(action.value);
      return {};
    case "expireToken":
      return expire(stage, service, action.keepSockets === true);
    case "script":
      scripts.start(action.name);
      return {};
    case "stopScript":
      scripts.stop();
      return {};
    case "gapThenBack":
      return vanish(stage, action.awayMs, signal);
  }
}

export function keysOf({ spoken }: ReturnType<Service<never, object>["message"]>): string[] {
  return spoken.flatMap(({ key }) => (key === null ? [] : [key]));
}

function repeat(stage: Stage, count: number): Outcome {
  let heard = false;
  for (let time = 0; time < count; time += 1) {
    heard = stage.repeat();
  }
  return { heard, count };
}

/** A frame to stop in the middle of. It is not said: half a sentence is none. */
function halfOf<Own extends { action: string }, Extra extends object>(
  service: Service<Own, Extra>,
) {
  const utterance = service.message("This sentence is cut off");
  return (line: Parameters<typeof utterance.framesFor>[0]) =>
    utterance.framesFor(line)[0] ?? JSON.stringify({ text: "This sentence is cut off" });
}

async function cut(stage: Stage, half: ReturnType<typeof halfOf> | null): Promise<Outcome> {
  const lines = [...stage.lines];
  await Promise.all(lines.map((line) => (half === null ? line.cut() : line.cutInside(half(line)))));
  return { count: lines.length };
}

function close(stage: Stage, code: number, reason: string): Outcome {
  const lines = stage.openLines;
  for (const line of lines) {
    line.close(code, reason);
  }
  stage.changed();
  return { count: lines.length };
}

/** To every open socket, whatever it asked for. No item: it is not in the truth. */
function sendRaw(stage: Stage, frames: readonly (string | Uint8Array)[]): Outcome {
  for (const line of stage.openLines) {
    for (const frame of frames) {
      line.send(frame);
    }
  }
  return { heard: stage.openLines.length > 0, count: frames.length };
}

function expire<Own extends { action: string }, Extra extends object>(
  stage: Stage,
  service: Service<Own, Extra>,
  keepSockets: boolean,
): Outcome {
  stage.gate.expire();
  // A socket that showed no token has none that could expire.
  const lines = keepSockets ? [] : stage.openLines.filter(({ token }) => token !== null);
  for (const line of lines) {
    service.expel(line);
  }
  stage.changed();
  return { count: lines.length };
}

async function vanish(stage: Stage, awayMs: number, signal: AbortSignal): Promise<Outcome> {
  stage.gate.isAway = true;
  try {
    await cut(stage, null);
    await stage.pause(awayMs, signal);
  } finally {
    stage.gate.isAway = false;
  }
  return {};
}
