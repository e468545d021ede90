/** An event's text with the provider's words in it: both are JSON, and stay as they are. */
export function withRaw(text: string, raw: string): string {
  return `${text.slice(0, -1)},"raw":${raw}}`;
}
