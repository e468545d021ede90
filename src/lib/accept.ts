/** A range of media types of an Accept header. */
interface Range {
  readonly type: string;
  readonly quality: number;
  /** How much it says: a type more than all of its kind, and that more than anything. */
  readonly precision: number;
  /** Its place in the header. */
  readonly place: number;
}

const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;
const TOKEN = String.raw`[\w!#$%&'*+.^|~\x60-]+`;
const TYPE = new RegExp(`^(?:${TOKEN})/(?:${TOKEN})$`);

/**
 * The one of the offered media types that an Accept header wants most (RFC 9110, 12.5.1); null if it
 * wants none of them. Of types that are wanted alike it is the one that the header names most
 * precisely, then the one that it names first, then the one that is offered first. A header with
 * nothing readable in it wants anything.
 */
export function chooseType<T extends string>(
  accept: string | undefined,
  offered: readonly T[],
): T | null {
  const ranges = parseRanges(accept ?? "");
  if (ranges.length === 0) return offered[0] ?? null;
  const wanted = offered.flatMap((type, place) => {
    const range = findRange(type, ranges);
    return range === null || range.quality === 0 ? [] : [{ type, range, place }];
  });
  const [first] = wanted.toSorted(
    (a, b) =>
      b.range.quality - a.range.quality ||
      b.range.precision - a.range.precision ||
      a.range.place - b.range.place ||
      a.place - b.place,
  );
  return first?.type ?? null;
}

/** The range that says most of a type. */
function findRange(type: string, ranges: readonly Range[]): Range | null {
  const kind = type.slice(0, type.indexOf("/"));
  const fitting = ranges.filter(
    (range) => range.type === type || range.type === `${kind}/*` || range.type === "*/*",
  );
  return fitting.toSorted((a, b) => b.precision - a.precision || a.place - b.place)[0] ?? null;
}

function parseRanges(accept: string): Range[] {
  return accept.split(",").flatMap((part, place) => {
    // Parameters other than the quality tell forms apart that there are none of: a charset.
    const [named = "", ...parameters] = part.split(";").map((each) => each.trim().toLowerCase());
    const type = named === "*" ? "*/*" : named;
    const weight = parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1";
    if (!TYPE.test(type) || !QUALITY.test(weight)) return [];
    const precision = type === "*/*" ? 0 : type.endsWith("/*") ? 1 : 2;
    return [{ type, quality: Number(weight), precision, place }];
  });
}
