import type { Refused } from "../api/call.ts";
import { Button } from "./button.tsx";
import { copyText } from "./copy.tsx";
import { Icon } from "./icons.tsx";

/** The words that the relay refused something with; nothing where it refused nothing. */
export function ProblemBox(props: {
  readonly error: Refused | null;
  readonly again?: () => void;
  /** Fields whose errors stand beside them. */
  readonly known?: readonly string[];
}) {
  const { error, again, known = [] } = props;
  if (error === null) return null;
  const { problem } = error;
  const others = (problem?.errors ?? []).filter(
    ({ pointer, parameter }) => !known.includes(pointer ?? parameter ?? ""),
  );
  // Only what may pass is asked for again.
  const isPassing = error.status === 0 || error.status === 429 || error.status >= 500;
  return (
    <div class="problem" role="alert">
      <Icon name="warn" />
      <div>
        <p class="problem-title">{problem?.title ?? "The relay is away"}</p>
        <p>{error.message}</p>
        {others.length === 0 ? null : (
          <ul>
            {others.map(({ pointer, parameter, detail }) => (
              <li key={`${pointer}${parameter}`}>
                <code>{pointer ?? parameter ?? ""}</code> {detail}
              </li>
            ))}
          </ul>
        )}
        <div class="row">
          {isPassing && again !== undefined ? (
            <Button small onClick={again}>
              Try again
            </Button>
          ) : null}
          {problem?.requestId === undefined ? null : (
            <Button
              small
              kind="quiet"
              icon="copy"
              onClick={() => void copyText(problem.requestId ?? "")}
            >
              Request {problem.requestId.slice(0, 8)}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

/** The words about one field, of a refusal. */
export function wrongWith(error: Refused | null, pointer: string): string | undefined {
  return error?.problem?.errors?.find((each) => each.pointer === pointer)?.detail;
}
