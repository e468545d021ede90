/*
 * A client that is generated from the API's document, as somebody would write it who knows nothing
 * but the document. Compiled and run by test/e2e/generated-client.test.ts, beside what was generated.
 */
import createClient from "openapi-fetch";

import type { components, operations, paths } from "./generated.d.ts";

const [baseUrl = "", key = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${key}` } });

/** The answer's data, or a failure with what was told of it. */
function need<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data !== undefined) return data;
  throw new Error(`${response.status} ${JSON.stringify(error)}`);
}

const made: components["schemas"]["Channel"] = need(
  await client.POST("/v1/channels", { body: { id: "generated", public: false } }),
);
const at = { path: { channel: made.id } };

const { ids } = need(
  await client.POST("/v1/channels/{channel}/events", {
    params: at,
    body: [
      { type: "custom.note", data: { text: "a" } },
      { type: "custom.note", data: { text: "b" } },
    ],
  }),
);

/** Operations are named in the generated types as in the document. */
type Page = operations["listEvents"]["responses"][200]["content"]["application/json"];
const page = need(
  await client.GET("/v1/channels/{channel}/events", {
    params: { ...at, query: { order: "asc", limit: 10, types: "custom.note" } },
  }),
);
// With another Accept it would be an export, which is text.
if (typeof page === "string") throw new Error("not a page");
const { events }: Page = page;

/** Reads a list whole: `cursor` and `limit` are the same for each. */
async function readAll<T>(
  read: (cursor: string | undefined) => Promise<{ data: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { data, next } = await read(cursor);
    all.push(...data);
    cursor = next;
  }
  return all;
}
const keys = await readAll(async (cursor) =>
  need(
    await client.GET("/v1/keys", { params: { query: { limit: 1, ...(cursor && { cursor }) } } }),
  ),
);

const missing = await client.GET("/v1/channels/{channel}", {
  params: { path: { channel: "none" } },
});
// A problem, with its code, is what the document says of a 404.
const code: string | undefined = missing.error?.code;

// What anybody may ask is described as such, and what is null is null.
const credential: components["schemas"]["Credential"] = need(await client.GET("/v1/credential"));
const sockets = need(await client.GET("/v1/channels/{channel}/sockets", { params: at }));

const status = need(await client.GET("/v1/channels/{channel}/status", { params: at }));
const { response: removed } = await client.DELETE("/v1/channels/{channel}", { params: at });

console.log(
  JSON.stringify({
    ids,
    events: events.map(({ id }) => id),
    keys: keys.length,
    code,
    credential: [credential.kind, credential.id, credential.channels],
    sockets: sockets.data.map(({ label }) => label),
    lagEvents: typeof status.history.lagEvents,
    removed: removed.status,
  }),
);
