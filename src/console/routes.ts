/* Addresses of the console: they name channel, page, filter and selected event, and no secret. Pure. */
import { own } from "./api/own.ts";
import type { IconName } from "./ui/icons.tsx";

export interface PageEntry {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** The letter that opens it, after `g`. */
  readonly letter: string;
}

export const pages = [
  { id: "overview", title: "Overview", icon: "overview", letter: "o" },
  { id: "sources", title: "Sources", icon: "sources", letter: "s" },
  { id: "events", title: "Events", icon: "events", letter: "e" },
  { id: "chat", title: "Chat", icon: "chat", letter: "c" },
  { id: "overlays", title: "Overlays", icon: "overlays", letter: "v" },
  { id: "webhooks", title: "Webhooks", icon: "webhooks", letter: "w" },
  { id: "test", title: "Test events", icon: "test", letter: "t" },
  { id: "health", title: "Health", icon: "health", letter: "h" },
  { id: "access", title: "Access", icon: "access", letter: "a" },
  { id: "settings", title: "Settings", icon: "settings", letter: "," },
] as const satisfies readonly PageEntry[];

export type PageId = (typeof pages)[number]["id"];

export const BASE = "/console/";

/** The address of a channel's page, with what is selected there. */
export function formatRoute(channel: string, page: PageId = "overview", part = ""): string {
  const tail = page === "overview" ? "" : `/${page}`;
  return `${BASE}c/${encodeURIComponent(channel)}${tail}${part === "" ? "" : `/${encodeURIComponent(part)}`}`;
}

/** The channel and the page that an address names. */
export function readRoute(path: string): { channel: string | null; page: PageId } {
  const match = /^\/console\/c\/([^/]+)(?:\/([^/]+))?/.exec(path);
  const [, channel, page = "overview"] = match ?? [];
  return {
    channel: channel === undefined ? null : decodeURIComponent(channel),
    page: pages.find(({ id }) => id === page)?.id ?? "overview",
  };
}

/** A filter of events, as an address has it. */
export interface EventFilter {
  readonly types: readonly string[];
  readonly platforms: readonly string[];
  readonly providers: readonly string[];
  readonly contains: string;
  readonly since: string;
  readonly until: string;
}

export const NO_FILTER: EventFilter = {
  types: [],
  platforms: [],
  providers: [],
  contains: "",
  since: "",
  until: "",
};

/** Writes a filter as a query; nothing for what is not filtered. */
export function formatFilter(filter: EventFilter): string {
  const query = new URLSearchParams();
  for (const name of ["types", "platforms", "providers"] as const) {
    if (filter[name].length > 0) query.set(name, filter[name].join(","));
  }
  for (const name of ["contains", "since", "until"] as const) {
    if (filter[name] !== "") query.set(name, filter[name]);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Reads a filter of an address. */
export function readFilter(query: Readonly<Record<string, string>>): EventFilter {
  const list = (name: string): string[] =>
    [...new Set((own(query, name) ?? "").split(",").map((each) => each.trim()))].filter(Boolean);
  return {
    types: list("types"),
    platforms: list("platforms"),
    providers: list("providers"),
    contains: query["contains"] ?? "",
    since: query["since"] ?? "",
    until: query["until"] ?? "",
  };
}

/** The same filter as the API takes it. */
export function toQuery(filter: EventFilter): Record<string, string | null> {
  const list = (words: readonly string[]): string | null =>
    words.length === 0 ? null : words.join(",");
  return {
    types: list(filter.types),
    platforms: list(filter.platforms),
    providers: list(filter.providers),
    contains: filter.contains === "" ? null : filter.contains,
    since: filter.since === "" ? null : filter.since,
    until: filter.until === "" ? null : filter.until,
  };
}
