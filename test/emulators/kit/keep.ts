/** Adds to a list that must not fill the memory: the oldest entry makes room. */
export function keep<Entry>(entries: Entry[], entry: Entry, most: number): void {
  entries.push(entry);
  if (entries.length > most) {
    entries.shift();
  }
}
