import type { Hook } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { z } from "zod";

import { RelayError } from "../errors.ts";
import { listProblems, type InputProblem } from "../event/answer.ts";
import type { AppEnv } from "./env.ts";

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/**
 * Every input that does not fit its schema is a 400 that names each place and what is wrong there.
 */
export const onInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const { issues } = result.error;
  throw makeInvalidInput(
    result.target === "json"
      ? listProblems({ issues })
      : issues.flatMap((issue) => listParameterProblems(issue, "")),
  );
};

/** A value as its schema reads it; `parameter` names it where the schema is of a single value. */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  parameter: string,
): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw makeInvalidInput(
    parsed.error.issues.flatMap((issue) => listParameterProblems(issue, parameter)),
  );
}

/** The query. A parameter that stands there twice is a mistake, and not whichever comes first. */
export function readQuery(c: Context<AppEnv>): Record<string, string> {
  const entries = Object.entries(c.req.queries()).map(([key, values]) => {
    if (values.length > 1) {
      throw new RelayError("invalid_input", `${key}: is there twice`, {
        problems: [{ parameter: key, detail: "is there twice" }],
      });
    }
    return [key, values[0] ?? ""] as const;
  });
  return Object.fromEntries(entries);
}

function makeInvalidInput(problems: readonly InputProblem[]): RelayError {
  const first = problems[0];
  const where = first?.pointer ?? first?.parameter ?? "";
  const detail = `${where === "" ? "The input" : where}: ${first?.detail ?? "invalid"}`;
  return new RelayError("invalid_input", detail, { problems });
}

function listParameterProblems({ path, message, keys }: Issue, parameter: string): InputProblem[] {
  // An unknown parameter is told of at its parent, with its name among the keys.
  if (keys !== undefined) {
    return keys.map((key) => ({ parameter: key, detail: "unknown parameter" }));
  }
  const name = path.map(String).join(".");
  return [{ parameter: name === "" ? parameter : name, detail: message }];
}
