/**
 * Whose turn it is, of those who wait in the order they came: the first of whoever was served least
 * recently. `served` lists who was, the last one last.
 */
export function chooseNextInTurn<T extends { readonly sender: string }>(
  waiting: readonly T[],
  served: readonly string[],
): T | undefined {
  let next: T | undefined;
  let rank = Infinity;
  for (const each of waiting) {
    const servedAt = served.lastIndexOf(each.sender);
    if (servedAt >= rank) continue;
    next = each;
    rank = servedAt;
  }
  return next;
}
