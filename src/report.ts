import { redactDetail } from "./event/redact.ts";

/** The subject of a report: ids and counts, never a text that somebody wrote. */
export type ReportIds = Readonly<Record<string, string | number | null | undefined>>;

const TEXT_MAX_CHARS = 300;

// Errors of these names are ours or the platform's, with words of their own. All others quote what
// they are of: a SyntaxError the text, a TypeError the address, a library's the input.
const OWN_WORDS: readonly unknown[] = ["Error", "RelayError", "AbortError", "TimeoutError"];

// An error that came from another object has its kind in its message, and is an Error here.
const OTHER_KIND = /^(?:Uncaught )?(?:\w*[a-z]Error|D1_TYPE_ERROR|\w*Exception)\b/;

/**
 * Writes an error that is not passed on to the log: called first, before anything falls back. A
 * line has a short name, what it is about, the error's own name and where it arose. A message is
 * told where it is the relay's or the platform's, and is redacted. Never throws.
 */
export function report(where: string, error: unknown, ids: ReportIds = {}): void {
  console.error(where, { ...shortenIds(ids), ...describe(error) });
}

/** Reports each that failed of what was asked at once; answers what the others came to. */
export function reportRejected<T>(
  where: string,
  outcomes: readonly PromiseSettledResult<T>[],
  ids: ReportIds = {},
): T[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.status === "fulfilled") return [outcome.value];
    report(where, outcome.reason, ids);
    return [];
  });
}

interface Description {
  readonly error: string;
  readonly message?: string;
  readonly place?: string;
  readonly cause?: string;
}

function describe(error: unknown): Description {
  try {
    if (!(error instanceof Error)) return { error: typeof error };
    const message = readMessage(error);
    const place = findPlace(error);
    const cause = error.cause instanceof Error ? readMessage(error.cause) : null;
    return {
      error: shorten(error.name),
      ...(message !== null && { message }),
      ...(place !== null && { place }),
      ...(error.cause instanceof Error && {
        cause: [shorten(error.cause.name), cause].filter((part) => part !== null).join(": "),
      }),
    };
  } catch {
    // An error that cannot even be looked at is itself what is reported.
    return { error: "unreadable" };
  }
}

function readMessage({ name, message }: Error): string | null {
  return OWN_WORDS.includes(name) && !OTHER_KIND.test(message) ? shorten(message) : null;
}

/**
 * The first frame of its stack. What stands before the frames is the message, and is not looked at.
 */
function findPlace({ stack, message }: Error): string | null {
  if (typeof stack !== "string") return null;
  const at = message === "" ? 0 : stack.indexOf(message);
  if (at === -1) return null;
  const frame = /\n {4}at (.*:\d+:\d+\)?)$/m.exec(stack.slice(at + message.length));
  return frame === null ? null : shorten(frame[1] ?? "");
}

function shortenIds(ids: ReportIds): ReportIds {
  return Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, typeof id === "string" ? shorten(id) : id]),
  );
}

function shorten(text: string): string {
  return redactDetail(text.slice(0, TEXT_MAX_CHARS));
}
