/*
 * Refinements of words that an address may ask for: other emotes, masked words, shortened links.
 * Loaded where one of them is asked for. Pure but for the asking.
 */
import type { Fragment } from "./events.ts";

/** An emote of 7TV, BTTV or FFZ, as the relay has joined them. */
export interface Emote {
  /** Its picture, and the same standing still. */
  readonly u: string;
  readonly s?: string;
  /** 1: it is laid over the one before. */
  readonly z?: number;
}

export interface TextOptions {
  readonly emotes: ReadonlyMap<string, Emote>;
  readonly masked: ReadonlySet<string>;
  readonly links: string;
}

const EMOTES = 10_000;
const AGAIN_MS = 600_000;
const WORDS = 2_000;

/** Refines a message's fragments: each word is looked up once. */
export function refine(fragments: readonly Fragment[], options: TextOptions): Fragment[] {
  return fragments.flatMap((fragment) => {
    if (fragment.type === "link") return [shortenLink(fragment.text, options.links)];
    return fragment.type === "text" ? splitText(fragment.text, options) : [fragment];
  });
}

function splitText(text: string, options: TextOptions): Fragment[] {
  const parts: Fragment[] = [];
  let plain = "";
  const add = (fragment: Fragment): void => {
    if (plain !== "") parts.push({ type: "text", text: maskWords(plain, options.masked) });
    plain = "";
    parts.push(fragment);
  };
  for (const word of text.slice(0, WORDS).split(/(\s+)/)) {
    const emote = options.emotes.get(word);
    if (emote)
      add({
        type: "emote",
        text: word,
        image: emote.u,
        ...(emote.s && { still: emote.s }),
        over: emote.z === 1,
      });
    else if (options.links !== "text" && findHost(word) !== null)
      add(shortenLink(word, options.links));
    else plain += word;
  }
  if (plain !== "") parts.push({ type: "text", text: maskWords(plain, options.masked) });
  return parts;
}

function shortenLink(text: string, links: string): Fragment {
  return {
    type: "link",
    text: links === "text" ? text : links === "host" ? (findHost(text) ?? "…") : "…",
  };
}

/** Replaces words that are to be masked, whatever their case. */
export function maskWords(text: string, words: ReadonlySet<string>): string {
  if (words.size === 0) return text;
  return text.replace(/[\p{L}\p{M}\p{N}_]+/gu, (word) =>
    words.has(word.toLowerCase()) ? "•".repeat(Math.min(word.length, 12)) : word,
  );
}

/** The host of a word that is a link; null where it is none. */
export function findHost(word: string): string | null {
  if (!/^(https?:\/\/|www\.)./i.test(word)) {
    // Without a scheme only what has a path, or an end that people write links with.
    if (!/^[a-z0-9.-]{3,253}(\/|$)/i.test(word)) return null;
    if (!/\.[a-z]{2,24}\/|\.(com|net|org|gg|tv|io|me|ly|xyz|link|app|dev)$/i.test(word))
      return null;
  }
  const host = word.replace(/^https?:\/\//i, "").replace(/[/?#:@].*$/s, "");
  return host.replace(/^www\./i, "").slice(0, 80);
}

/** Reads the relay's answer; what is not as it must be is left out. */
export function readEmotes(answer: unknown): Map<string, Emote> {
  const found = new Map<string, Emote>();
  const { emotes } = (answer ?? {}) as { emotes?: unknown };
  if (typeof emotes !== "object" || emotes === null) return found;
  for (const [name, emote] of Object.entries(emotes as Record<string, Emote | null>)) {
    if (found.size < EMOTES && typeof emote?.u === "string") found.set(name, emote);
  }
  return found;
}

/** Opens what an address asks for; with a channel's emotes asked for now and every ten minutes. */
export async function openRefinement(
  channel: string,
  sets: readonly string[],
  key: string,
  { links, mask }: { readonly links: string; readonly mask: readonly string[] },
): Promise<(fragments: readonly Fragment[]) => Fragment[]> {
  const masked = new Set(mask.map((word) => word.toLowerCase()));
  const asked = sets.filter((set) => /^(7tv|bttv|ffz)$/.test(set));
  let emotes = new Map<string, Emote>();
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(`/v1/channels/${channel}/emotes?sets=${asked.join(",")}`, {
        headers: key === "" ? {} : { authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) emotes = readEmotes(await answer.json());
    } catch {
      // Without them words are words; the next time may do.
    }
  };
  if (asked.length > 0 && channel !== "") {
    setInterval(() => {
      if (!document.hidden) void ask();
    }, AGAIN_MS);
    await ask();
  }
  return (fragments) => refine(fragments, { emotes, masked, links });
}
