const ANSWERS_MAX = 64;

/**
 * The same function, which makes its answer once for each object and second argument: what is the
 * same for many clients is written once. The objects must not change. Of each so many answers are
 * remembered: the second argument may be what a client has chosen.
 */
export function memoizePer<K extends object, A, V>(
  make: (key: K, also: A) => V,
): (key: K, also: A) => V {
  const made = new WeakMap<K, Map<A, V>>();
  return (key, also) => {
    const known = made.get(key) ?? new Map<A, V>();
    made.set(key, known);
    const before = known.get(also);
    if (before !== undefined || known.has(also)) return before as V;
    const value = make(key, also);
    if (known.size < ANSWERS_MAX) known.set(also, value);
    return value;
  };
}
