/**
 * One thing wrong with an input: where (a JSON Pointer into the body, or a parameter), and what.
 */
export interface InputProblem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail: string;
}

/**
 * The answer of an object to a call that can be refused. Errors lose their class between objects,
 * so a refusal is a value: a stable code, a sentence, and what exactly was wrong.
 */
export type Answer<T, Code extends string = string> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: Code;
      readonly detail: string;
      readonly problems?: readonly InputProblem[];
      /** When the same may be granted. */
      readonly retryAfterSeconds?: number;
    };

export function grant<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function refuse<Code extends string>(
  code: Code,
  detail: string,
  problems?: readonly InputProblem[],
): { ok: false; code: Code; detail: string; problems?: readonly InputProblem[] } {
  return problems === undefined
    ? { ok: false, code, detail }
    : { ok: false, code, detail, problems };
}

/** A schema's issues as problems of a request's body, under `prefix`. */
export function listProblems(
  error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] },
  prefix = "",
): InputProblem[] {
  return error.issues.map(({ path, message }) => ({
    pointer: prefix + path.map((step) => `/${escapePointer(String(step))}`).join(""),
    detail: message,
  }));
}

/** RFC 6901, section 3. */
function escapePointer(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
