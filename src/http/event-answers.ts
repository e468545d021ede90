import type { Context } from "hono";
import type { z } from "zod";

import { hashSha256 } from "../lib/secrecy.ts";
import { getChannel } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { exportStream, nameFile, type ExportType } from "./export.ts";
import type { History, HistoryPage, HistoryQuery } from "./history.ts";
import { hasCurrent } from "./preconditions.ts";
import { respondJsonText } from "./route.ts";
import { EventPage } from "./schemas/event.ts";

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
    const url = new URL(c.req.url);
    url.searchParams.delete("token");
    url.searchParams.set(query.order === "asc" ? "after" : "before", page.next);
    c.header("link", `<${url.pathname}${url.search}>; rel="next"`);
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

export async function respondWithExport(
  c: Context<AppEnv>,
  type: ExportType,
  history: History,
  query: HistoryQuery,
  form: { readonly limit: number; readonly bom: boolean },
): Promise<Response> {
  const pages = history.pages({ ...query, limit: 500 });
  // Read before the answer begins: what is missing is said in its header, and errors are answers.
  const first = await pages.next();
  const gap = first.done === true ? null : first.value.gap;
  if (gap !== null) {
    c.header("tributary-gap", `from="${gap.from}", to="${gap.to}", cause=${gap.cause}`);
  }
  c.header("cache-control", "no-store");
  c.header("vary", "Accept, Authorization");
  c.header("content-type", `${type}; charset=utf-8`);
  const file = nameFile(type, getChannel(c).id);
  c.header("content-disposition", `attachment; filename="${file}"`);
  return c.req.method === "HEAD"
    ? c.body(null, 200)
    : c.body(exportStream(type, first, pages, form), 200);
}
