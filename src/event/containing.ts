import { foldCase } from "../lib/fold.ts";
import { isRecord } from "../lib/json.ts";

/** The fields in which words are looked for, wherever in an event's data they stand. */
const FIELDS: ReadonlySet<string> = new Set(["text", "name", "login", "id"]);

/**
 * Makes a test of events, as JSON: do they hold these words in what somebody said, what they are
 * called, or an id? Capitals are as good as small letters.
 */
export function makeContains(words: string): (text: string) => boolean {
  const sought = foldCase(words);
  // As JSON has them: an event without them need not be read.
  const written = foldCase(JSON.stringify(words).slice(1, -1));
  return (text) => {
    if (!foldCase(text).includes(written)) return false;
    const event: unknown = JSON.parse(text);
    return isRecord(event) && isIn(event["data"], sought);
  };
}

function isIn(value: unknown, sought: string): boolean {
  if (Array.isArray(value)) return value.some((each) => isIn(each, sought));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([name, each]) =>
    typeof each === "string"
      ? FIELDS.has(name) && foldCase(each).includes(sought)
      : isIn(each, sought),
  );
}
