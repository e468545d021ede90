/* Rights in sentences. Pure. */
import type { Key } from "../api/types.ts";

export type Scope = Key["scopes"][number];

export const SCOPES: readonly (readonly [scope: Scope, words: string])[] = [
  ["events:read", "read events"],
  ["events:write", "post events and tell overlays"],
  ["chat:write", "write in chats"],
  ["interface:write", "show viewers an interface"],
  ["interact:write", "act as a viewer"],
  ["webhooks:manage", "make and change webhooks"],
  ["channels:manage", "change channels and link sources"],
  ["keys:manage", "make and revoke keys"],
];

/** The rights of a key, in a sentence. */
export function sayRights(scopes: readonly string[], channels: readonly string[] | null): string {
  const may = SCOPES.filter(([scope]) => scopes.includes(scope)).map(([, words]) => words);
  const where =
    channels === null ? "in every channel" : `in ${channels.join(", ") || "no channel"}`;
  if (may.length === 0) return "May do nothing.";
  const all =
    may.length === 1 ? (may[0] ?? "") : `${may.slice(0, -1).join(", ")} and ${may.at(-1)}`;
  return `May ${all}, ${where}.`;
}

/** Sets of rights that people want, smallest first. */
export const SETS: readonly {
  readonly id: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
}[] = [
  { id: "read", label: "A reader: an own page or program that listens", scopes: ["events:read"] },
  {
    id: "bot",
    label: "A bot: reads, writes in chats and posts events",
    scopes: ["events:read", "events:write", "chat:write"],
  },
  {
    id: "work",
    label: "Everyday work in this console",
    scopes: ["events:read", "events:write", "chat:write", "webhooks:manage"],
  },
  {
    id: "all",
    label: "Everything in this channel",
    scopes: [
      "events:read",
      "events:write",
      "chat:write",
      "interface:write",
      "webhooks:manage",
      "channels:manage",
      "keys:manage",
    ],
  },
  { id: "own", label: "Picked one by one", scopes: ["events:read"] },
];
