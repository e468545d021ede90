/** Text that no provider should send. None of it means anything in any protocol. */
export const hostile: Readonly<Record<string, string>> = {
  "no text": "",
  "no JSON": "hello",
  "a cut frame": '{"type":"data","payload":{"data":',
  "a stray byte order mark": '\uFEFF{"type":"ka"}',
  null: "null",
  true: "true",
  "a number": "42",
  "a number beyond all": "1e999",
  "bare text": '"data"',
  "an empty array": "[]",
  "an array of frames": '[{"type":"ka"},{"action":"heartbeat"}]',
  "an empty object": "{}",
  "a type that is a number": '{"type":7,"action":7}',
  "a type that is an array": '{"type":["ka"],"action":["heartbeat"]}',
  "a type that is an object": '{"type":{"type":"ka"},"action":{"action":"heartbeat"}}',
  "a type that is null": '{"type":null,"action":null}',
  "a type from the prototype": '{"__proto__":{"type":"ka","action":"heartbeat"}}',
  "arrays in arrays": "[".repeat(50_000) + "]".repeat(50_000),
  "objects in objects": `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
  "depth in a frame": `{"type":"x","action":"x","payload":${"[".repeat(9_000)}${"]".repeat(9_000)}}`,
  "a huge text": JSON.stringify("m".repeat(250_000)),
};

/** What may stand where something else should; each says something, so that it must be kept. */
export const wrong: readonly unknown[] = [
  true,
  -1,
  1e308,
  "",
  "constructor",
  "__proto__",
  "\ud800",
  `0.${"0".repeat(60_000)}1`,
  "9".repeat(60_000),
  [[1]],
  { toString: 1, valueOf: 1, constructor: 1, length: -1 },
];

/** What says nothing: it may be passed over. */
export const empty: readonly unknown[] = [null, [], {}];

/** A frame that is wrong in one place. */
export interface Mutant {
  readonly where: string;
  readonly frame: object;
}

/** The frame once for each of its values, at every level below the top, with another in its place. */
export function mutantsOf(frame: object, replacements: readonly unknown[]): Mutant[] {
  return pathsOf(frame).flatMap((path) =>
    replacements.map((value) => ({
      where: `${path.join(".")} = ${JSON.stringify(value).slice(0, 40)}`,
      frame: replaced(frame, path, value) as object,
    })),
  );
}

/** The path of every value below the top. */
export function pathsOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner).map((rest) => [key, ...rest]),
  ]);
}

/** A copy with another value at one place. */
export function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<string, unknown>)
    : { ...(value as Record<string, unknown>) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}
