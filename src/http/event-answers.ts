import type { Context } from "hono";
import type { z } from "zod";

import { hashSha256 } from "../lib/secrecy.ts";
import { getChannel } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { EXPORT_PAGE } from "./export-range.ts";
import { exportStream, nameFile, type ExportType } from "./export.ts";
import type { History, HistoryPage, HistoryQuery } from "./history.ts";
import { hasCurrent } from "./preconditions.ts";
import { respondJsonText } from "./route.ts";
import { EventPage } from "./schemas/event.ts";

const NOTHING = { gap: null, goesOnAt: null };

/** Links to the same question, gone on with from a position. */
function linkNext(c: Context<AppEnv>, { order }: HistoryQuery, next: string): void {
  const url = new URL(c.req.url);
  url.searchParams.delete("token");
  url.searchParams.set(order === "asc" ? "after" : "before", next);
  c.header("link", `<${url.pathname}${url.search}>; rel="next"`);
}

/** The body is put together from the events' own texts: none is decoded and encoded again. */
export async function respondWithPage(c: Context<AppEnv>, query: HistoryQuery, page: HistoryPage) {
  const events = page.events.map((event) => event.text).join(",");
  const rest = JSON.stringify({
    next: page.next,
    hasMore: page.hasMore,
    ...(page.gap !== null && { gap: page.gap }),
  });
  const body = `{"events":[${events}],${rest.slice(1)}`;
  if (page.next !== null && (page.hasMore || query.order === "asc")) {
    linkNext(c, query, page.next);
  }
  if (!page.isOpen) return respondTagged(c, EventPage, body);
  c.header("cache-control", "no-store");
  return respondJsonText(c, EventPage, body);
}

/** An answer that changes only by an erasure: asked for again, it need not be sent again. */
export async function respondTagged<S extends z.ZodType>(
  c: Context<AppEnv>,
  schema: S,
  text: string,
) {
  const tag = `"${(await hashSha256(text)).slice(0, 32)}"`;
  c.header("cache-control", "private, no-cache");
  c.header("vary", "Accept, Authorization");
  return respondJsonText(c, schema, hasCurrent(c, tag) ? null : text);
}

/** Answers with the whole of a history, or with as much of it as one answer has room for. */
export async function respondWithExport(
  c: Context<AppEnv>,
  type: ExportType,
  history: History,
  query: HistoryQuery,
  { limit, bom }: { readonly limit: number | undefined; readonly bom: boolean },
): Promise<Response> {
  const pages = history.pages({ ...query, limit: EXPORT_PAGE });
  // Read before the answer begins: what is missing is said in its header, and errors are answers.
  const first = await pages.next();
  const { gap, goesOnAt } = first.done === true ? NOTHING : first.value;
  if (gap !== null) {
    c.header("tributary-gap", `from="${gap.from}", to="${gap.to}", cause=${gap.cause}`);
  }
  if (goesOnAt !== null && limit === undefined) linkNext(c, query, goesOnAt);
  c.header("cache-control", "no-store");
  c.header("vary", "Accept, Authorization");
  c.header("content-type", `${type}; charset=utf-8`);
  const file = nameFile(type, getChannel(c).id);
  c.header("content-disposition", `attachment; filename="${file}"`);
  const form = { limit: limit ?? Number.MAX_SAFE_INTEGER, bom };
  return c.req.method === "HEAD"
    ? c.body(null, 200)
    : c.body(exportStream(type, first, pages, form), 200);
}
