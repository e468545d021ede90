/** An object without the keys that hold `undefined`: what was not said is not there. */
export function omitUndefined<T extends object>(
  input: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The first that says something. */
export function findFirst(...said: (string | number | null | undefined)[]): string | undefined {
  const found = said.find((each) => each !== null && each !== undefined && each !== "");
  return found === undefined ? undefined : String(found);
}
