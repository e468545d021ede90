/* Places of a channel's log. Pure. */

/** The place before the first event of a message, `<epoch>-<seq>` or two of these; null for none. */
export function findPlaceBefore(messageId: string): string | null {
  const [, epoch, seq] = /^([a-z0-9]+)-([1-9]\d*)(?:\.\.|$)/.exec(messageId) ?? [];
  return epoch === undefined ? null : `${epoch}-${Number(seq) - 1}`;
}
