import type { Context } from "hono";

import type { AppEnv } from "./env.ts";
import { EXPORT_PAGE } from "./export-range.ts";
import { exportStream, type ExportType } from "./export.ts";
import type { History, HistoryQuery } from "./history.ts";

const NOTHING = { gap: null, goesOnAt: null };

/** Links to the same question, gone on with from a position. */
export function linkNext(c: Context<AppEnv>, { order }: HistoryQuery, next: string): void {
  const url = new URL(c.req.url);
  url.searchParams.delete("token");
  url.searchParams.set(order === "asc" ? "after" : "before", next);
  c.header("link", `<${url.pathname}${url.search}>; rel="next"`);
}

/** Answers with the whole of a history, or with as much of it as one answer has room for. */
export async function respondWithExport(
  c: Context<AppEnv>,
  type: ExportType,
  history: History,
  query: HistoryQuery,
  limit: number | undefined,
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
  const most = limit ?? Number.MAX_SAFE_INTEGER;
  return c.body(exportStream(type, first, pages, most), 200, {
    "content-type": `${type}; charset=utf-8`,
  });
}
