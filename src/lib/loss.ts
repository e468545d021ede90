/**
 * How an answer of another object or of the database was lost, through no fault of what was asked.
 * `restarted`: the object was lost in the middle or on the way, and is there again by the next call,
 * which may find it done. `exhausted`: it has more to do than it can, and each further call makes
 * that worse. `late`: nobody waits any longer.
 */
export type Loss = "restarted" | "exhausted" | "late";

// The platform's own words (its documents on errors of objects and of D1). An error that has come
// through another object may have lost its marks, and then they are all there is.
const RESTARTED =
  /network connection lost|object to be reset|durable object (was )?reset|code (was|has been) updated|script has been upgraded|transient issue/i;
const EXHAUSTED = /overloaded|exceeded (its|the) (cpu time|memory) limit|exceeded memory limit/i;
const LATE = /^(TimeoutError: )?no answer within \d+ ms$/;

/** Finds how an answer was lost; null for an error that the asked one has made by itself. */
export function findLoss(error: unknown): Loss | null {
  if (typeof error !== "object" || error === null) return null;
  const { message, ...marks } = readMarks(error);
  if (marks.overloaded || EXHAUSTED.test(message)) return "exhausted";
  if (LATE.test(message)) return "late";
  return marks.retryable || marks.durableObjectReset || RESTARTED.test(message)
    ? "restarted"
    : null;
}

function readMarks(error: object) {
  const has = (name: string): boolean => name in error && Reflect.get(error, name) === true;
  const message: unknown = "message" in error ? error.message : "";
  return {
    message: typeof message === "string" ? message : "",
    overloaded: has("overloaded"),
    retryable: has("retryable"),
    durableObjectReset: has("durableObjectReset"),
  };
}
