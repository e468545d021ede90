/* Times of fields: the reader's own, without a zone. Pure but for the zone, which is the browser's. */

/** A time as the field has it: the reader's own, without a zone. */
export function toLocal(time: string): string {
  if (time === "") return "";
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** The same as the API takes it; over a change of summer time it is the browser that knows. */
export function fromLocal(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
