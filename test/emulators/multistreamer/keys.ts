/**
 * What tells one chat message from the next on a wire that has no ids, as one line: network, account,
 * `from.id`, timestamp, text, with a hyphen for what a frame does not have. This file imports
 * nothing, so that tests in any runtime can make the same key of a frame they were sent.
 */
export function keyOfChat(frame: Readonly<Record<string, unknown>>): string {
  const { network, account_id: account, from, timestamp, text } = frame;
  const id = typeof from === "object" && from !== null && "id" in from ? from.id : undefined;
  const head = [network, account, id, timestamp].map(wordOf);
  return [...head, typeof text === "string" ? shorten(text) : "-"].join(" ");
}

const longestText = 4_096;
const keptOfLongText = 100;

/** A key is there to be compared and read, not to carry a megabyte. */
function shorten(text: string): string {
  return text.length > longestText ? `${text.slice(0, keptOfLongText)}… of ${text.length}` : text;
}

function wordOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "-";
}
