import type { Source } from "./sources.ts";

/** A place in a source that takes an error and goes on. */
export interface Catch {
  /** `path:line`. */
  readonly at: string;
  /** Its block or its handler, from bracket to bracket. */
  readonly body: string;
}

// What zod falls back on is a value, not a handler.
const FALLBACK = /^\((?:null|undefined|\[\]|\{[^]*\}),?\s*\)$/;

/** Every `catch` block, every handler of `.catch` and every second handler of `.then`. */
export function listCatches({ path, text }: Source): Catch[] {
  const found: Catch[] = [];
  for (const match of text.matchAll(/\bcatch\s*(?:\([^()]*\)\s*)?\{|\.(?:catch|then)\(/g)) {
    const [opening] = match;
    const whole = readBrackets(text, match.index + opening.length - 1);
    const body = opening === ".then(" ? splitArguments(whole)[1] : whole;
    if (body === undefined || (opening === ".catch(" && FALLBACK.test(body))) continue;
    const line = text.slice(0, match.index).split("\n").length;
    found.push({ at: `${path}:${line}`, body });
  }
  return found;
}

/** Does it report before it does anything else, pass the error on, or say why it does neither? */
export function leavesTrace({ body }: Catch): boolean {
  if (/\/\/ \S|\/\* \S/.test(body)) return true;
  // Whatever is only named before, or not taken after all, is nothing done.
  const first = body
    .replace(/^[({]\s*(?:\(?\w*(?:: unknown)?\)?\s*=>\s*\{?\s*)?/, "")
    .replace(/^\s*(?:(?:const [^;]*;|if \([^)]*\) throw \w+;)\s*)*/, "");
  return /^(?:this\.#|#)?report\w*\(|^console\.error\(|^throw\b/.test(first);
}

/** From an opening bracket to the one that closes it. */
function readBrackets(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if ("([{".includes(text[at] ?? "")) depth += 1;
    if (")]}".includes(text[at] ?? "")) depth -= 1;
    if (depth === 0) return text.slice(from, at + 1);
  }
  return text.slice(from);
}

/** The arguments of a call, as they stand between its brackets. */
function splitArguments(call: string): string[] {
  const given = [""];
  let depth = 0;
  let quote = "";
  for (const character of call.slice(1, -1)) {
    if (quote === "" && `"'\``.includes(character)) quote = character;
    else if (character === quote) quote = "";
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (character === "," && depth === 0 && quote === "") given.push("");
    else given.push((given.pop() ?? "") + character);
  }
  return given.filter((each) => each.trim() !== "").map((each) => each.trim());
}
