/* Strangers' words, made harmless for a layout. Pure. */

/** Whatever has no width but joiners, or turns the direction: controls, formats, tags, fillers. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/gu;

/** Makes a stranger's text fit to be shown: of one line, bounded, without what breaks a layout. */
export function cleanText(text: string | undefined, most = 500): string {
  // Cut before anything looks at each character: it may be half a megabyte.
  const clean = (text ?? "")
    .slice(0, most * 4)
    .replace(/[^\S\ufeff]+/g, " ")
    .replace(UNSEEN, "")
    .replace(/(\p{M}{3})\p{M}+|[\u200c\u200d]{2,}/gu, "$1");
  return clean.length > most ? `${clean.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…` : clean;
}

/** Makes a name fit to be shown, or something instead of one in which there is nothing to see. */
export function cleanName(name: string | undefined, instead = "Somebody"): string {
  const clean = cleanText(name, 60).trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(clean) ? clean : instead;
}
