import { BadInput } from "./bad-input.ts";
import { UnmetCondition } from "./conditions.ts";
import { errorAnswer, type HttpAnswer, type HttpQuestion } from "./http.ts";

export const controlPath = "/__emulator/";

const waitTimeoutMs = 10_000;
const longestWaitMs = 120_000;

/** What the control plane steers. */
interface Steered {
  truth(): unknown;
  do(input: unknown): Promise<unknown>;
  reset(): Promise<void>;
  waitFor(condition: string, timeoutMs: number, signal: AbortSignal): Promise<unknown>;
}

const methods: Readonly<Record<string, string>> = {
  truth: "GET",
  wait: "GET",
  do: "POST",
  reset: "POST",
};

/** The same over HTTP, for tests that run where no Node module can. */
export async function answerControl(
  emulator: Steered,
  question: HttpQuestion,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const verb = question.path.slice(controlPath.length);
  const method = methods[verb];
  if (method === undefined) {
    return errorAnswer(404, `There are ${Object.keys(methods).join(", ")} here, not "${verb}".`);
  }
  if (question.method !== method) {
    return {
      ...errorAnswer(405, `${verb} is asked for with ${method}.`),
      headers: { allow: method },
    };
  }
  try {
    return await steer(emulator, verb, question, signal);
  } catch (error) {
    return answerFault(error);
  }
}

async function steer(
  emulator: Steered,
  verb: string,
  { query, body }: HttpQuestion,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  switch (verb) {
    case "do":
      return { status: 200, body: await emulator.do(readJson(body)) };
    case "reset":
      await emulator.reset();
      return { status: 200, body: emulator.truth() };
    case "wait": {
      const condition = query.get("for") ?? "";
      return { status: 200, body: await emulator.waitFor(condition, readTimeout(query), signal) };
    }
    default:
      return { status: 200, body: emulator.truth() };
  }
}

function answerFault(error: unknown): HttpAnswer {
  if (error instanceof BadInput) {
    return errorAnswer(400, error.message);
  }
  if (error instanceof UnmetCondition) {
    return errorAnswer(408, error.message);
  }
  if (error instanceof Error && ["LifeOver", "AbortError"].includes(error.name)) {
    return errorAnswer(409, "The emulator was reset or closed meanwhile.");
  }
  throw error;
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadInput("The body must be JSON: an action, or an array of actions");
  }
}

function readTimeout(query: URLSearchParams): number {
  const timeoutMs = Number(query.get("timeoutMs") ?? waitTimeoutMs);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 0 || timeoutMs > longestWaitMs) {
    throw new BadInput(`timeoutMs: a whole number from 0 to ${longestWaitMs}`);
  }
  return timeoutMs;
}
