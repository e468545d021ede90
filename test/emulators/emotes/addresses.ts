import type { Service } from "./lists.ts";

/** The list that an address of a service stands for. */
export interface AskedList {
  readonly service: Service;
  /** An account, as `<platform>/<id>`; null for the list that everybody has. */
  readonly account: string | null;
}

const addresses: readonly (readonly [Service, RegExp])[] = [
  ["7tv", /^\/7tv\/v3\/emote-sets\/(global)$/],
  ["7tv", /^\/7tv\/v3\/users\/((?:twitch|youtube|kick)\/[^/]+)$/],
  ["bttv", /^\/bttv\/3\/cached\/emotes\/(global)$/],
  ["bttv", /^\/bttv\/3\/cached\/users\/((?:twitch|youtube)\/[^/]+)$/],
  ["ffz", /^\/ffz\/v1\/set\/(global)$/],
  ["ffz", /^\/ffz\/v1\/room\/(id\/[^/]+|yt\/[^/]+)$/],
];

/** Reads an address; null for one that no service has. */
export function readAskedList(path: string): AskedList | null {
  for (const [service, pattern] of addresses) {
    const [, what] = pattern.exec(path) ?? [];
    if (what === undefined) {
      continue;
    }
    const account = what.replace(/^id\//, "twitch/").replace(/^yt\//, "youtube/");
    return { service, account: what === "global" ? null : account };
  }
  return null;
}
