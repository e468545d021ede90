import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { makeContains } from "../../event/containing.ts";
import { formatPosition } from "../../event/position.ts";
import { mayModerate } from "../../event/principal.ts";
import { openHistory } from "../../store/history/databases.ts";
import { allowQueries } from "../../store/history/metered.ts";
import { getChannel, getChannelObject, findPrincipal } from "../access.ts";
import { describeHeader } from "../describe.ts";
import type { AppEnv } from "../env.ts";
import { respondWithExport, respondWithPage } from "../event-answers.ts";
import {
  requireFilter,
  filterQuery,
  flagParameter,
  parsePositionParameter,
  timeParameter,
} from "../event-query.ts";
import { EXPORT_QUERIES } from "../export-range.ts";
import { asExportType } from "../export.ts";
import { History, type HistoryQuery } from "../history.ts";
import { getRequestName } from "../idempotency.ts";
import { waitForEvents } from "../long-poll.ts";
import { negotiate } from "../negotiation.ts";
import { toDrafts } from "../posted-events.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, describeJsonBody, route } from "../route.ts";
import { ChannelParams, NoQuery } from "../schemas/common.ts";
import { EventPage, Ids, PostedEvents } from "../schemas/event.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Events"];

const HistoryParams = z.strictObject({
  ...filterQuery,
  after: z.string().max(64).optional(),
  before: z.string().max(64).optional(),
  contains: z.string().min(1).max(200).optional().meta({
    description:
      "Events whose data hold these words in a `text`, `name`, `login` or `id`; capitals are as good as small letters. A request looks through some 5,000 events: a page may be short or empty, and `next` says where it goes on.",
  }),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(500).optional(),
  since: timeParameter.optional(),
  until: timeParameter.optional(),
  wait: z.coerce.number().min(0).max(30).optional(),
  bom: flagParameter.optional().meta({
    description: "CSV begins with a byte order mark: some spreadsheets need it for UTF-8.",
  }),
  token: z.string().max(4096).optional(),
});

const PAGE_TYPES = [
  "application/json",
  "application/jsonl",
  "application/x-ndjson",
  "text/csv",
] as const;

/** A channel's events: history read, events posted. */
export const eventRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

eventRoutes.openapi(
  route(
    { scope: "events:read", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/events",
      operationId: "listEvents",
      isTagged: true,
      refusals: ["position_unknown"],
      tags: TAGS,
      summary: "Read history",
      description:
        "Newest first unless told otherwise. `Accept: application/jsonl` (or `application/x-ndjson`) and `text/csv` stream the whole range as a file. With `wait` and `after`, an empty page waits for something to come. What `after` or `since` asks for and is no longer kept is told as `gap`, and in the header `tributary-gap` of an export; an export from which something is taken away while it is read breaks off.",
      request: { params: ChannelParams, query: HistoryParams },
      responses: {
        200: {
          description: "A page, or with another Accept the whole range",
          headers: {
            link: describeHeader(
              'Where it goes on, with `rel="next"`: of a page, and of an export that is longer than one answer (about a million places of the log, fewer where events are large).',
              false,
            ),
            "content-disposition": describeHeader("Of an export: the name of the file.", false),
            "tributary-gap": describeHeader(
              'Of an export: what was asked for and is no longer kept, as `from="<position>", to="<position>", cause=expired`.',
              false,
            ),
          },
          content: {
            "application/json": { schema: EventPage },
            "application/jsonl": { schema: z.string() },
            "application/x-ndjson": { schema: z.string() },
            "text/csv": { schema: z.string() },
          },
        },
      },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const params = c.req.valid("query");
    const { scopes } = await findPrincipal(c);
    const query = parseHistoryQuery(params, mayModerate(scopes));
    const db = openHistory(c.env, channel, allowQueries(EXPORT_QUERIES));
    const history = new History(db, getChannelObject(c, channel), channel);
    const type = asExportType(negotiate(c, PAGE_TYPES));
    if (type !== null) {
      const { limit, bom = false } = params;
      return respondWithExport(c, type, history, query, { limit, bom });
    }
    let page = await history.page(query);
    const isIdle = page.events.length === 0 && !page.hasMore && page.gap === null;
    // Whoever asks for the headers alone waits for nothing.
    const isRead = c.req.method === "GET";
    if (isRead && params.wait !== undefined && params.wait > 0 && isIdle) {
      const from = parsePositionParameter(query.after, "after");
      const hasCome = await waitForEvents(c, channel, from, query.filter, params.wait * 1000);
      if (hasCome) page = await history.page(query);
    }
    return respondWithPage(c, query, page);
  },
);

eventRoutes.openapi(
  route(
    { scope: "events:write", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/events",
      operationId: "postEvents",
      tags: TAGS,
      summary: "Post events",
      description:
        "One or up to 500, all or none. `chat.message.deleted`, `chat.cleared`, `moderation.ban` and `moderation.timeout` erase what was said on their platform, whichever provider told of it, and need `channels:manage` or `chat:write` as well. Data may have up to 65,536 bytes, and what its type's schema does not know is left out. With a `key`, the same event posted again is the same event.",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(PostedEvents) },
      responses: { 201: describeJsonAnswer(Ids, "Their ids, in the order they were posted") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const posted = c.req.valid("json");
    const list = Array.isArray(posted) ? posted : [posted];
    // A repeat of the whole request must not post the events again, should its answer be lost.
    const request = getRequestName(c);
    const { drafts, bytes } = toDrafts(list, Array.isArray(posted), request);
    const principal = await findPrincipal(c);
    const object = getChannelObject(c, channel);
    const seqs = unwrapAnswer(await object.post(principal, drafts, bytes, "api", request));
    return c.json({ ids: seqs.map((seq) => formatPosition(channel.epoch, seq)) }, 201);
  },
);

function parseHistoryQuery(
  params: z.infer<typeof HistoryParams>,
  forModerators: boolean,
): HistoryQuery {
  const { after, before, order, since, until, wait, contains: words } = params;
  const problem = (parameter: string, detail: string): RelayError =>
    new RelayError("invalid_input", `${parameter}: ${detail}`, {
      problems: [{ parameter, detail }],
    });
  if (since !== undefined && until !== undefined && since >= until) {
    throw problem("until", "must be after since");
  }
  if (wait !== undefined && after === undefined) throw problem("wait", "goes with after");
  if (wait !== undefined && words !== undefined) throw problem("wait", "goes without contains");
  parsePositionParameter(after, "after");
  parsePositionParameter(before, "before");
  const filter = requireFilter(params, forModerators);
  const limit = params.limit ?? 100;
  const contains = words === undefined ? undefined : makeContains(words);
  return { after, before, since, until, order, limit, filter, raw: false, contains };
}
