import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";

import {
  ADMIN,
  call,
  chat,
  makeChannel,
  ORIGIN,
  postNotes,
  type ShownPage,
} from "../support/api.ts";

const asking = (channel: string, accept: string, query = "order=asc") =>
  call<string>("GET", `/channels/${channel}/events?${query}`, undefined, { headers: { accept } });

describe("the form of an answer", () => {
  it.for([
    ["application/json;q=0.1, text/csv", "text/csv; charset=utf-8"],
    ["text/csv;q=0.1, application/json", "application/json"],
    ["text/*", "text/csv; charset=utf-8"],
    ["application/json;q=0, */*", "application/jsonl; charset=utf-8"],
    ["text/html, */*;q=0.8", "application/json"],
  ])("is chosen by Accept: %s", async ([accept = "", type], { expect }) => {
    const { status, headers } = await asking(await makeChannel(), accept);
    expect([status, headers.get("content-type")]).toEqual([200, type]);
  });

  it("is refused with those that there are, where none is wanted, and nothing is done", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const html = { headers: { accept: "text/html" } };
    const refused = await call<{ code: string; detail: string }>(
      "GET",
      `/channels/${channel}/events`,
      undefined,
      html,
    );
    expect([refused.status, refused.body.code]).toEqual([406, "not_acceptable"]);
    expect(refused.body.detail).toContain("text/csv");
    const note = { type: "custom.note", data: {} };
    const posted = await call("POST", `/channels/${channel}/events`, note, html);
    expect(posted.status).toBe(406);
    const { body } = await call<ShownPage>("GET", `/channels/${channel}/events`);
    expect(body.events).toEqual([]);
    for (const path of [`/channels/${channel}/stream`, "/channels", "/schemas", "/openapi.json"]) {
      const { status } = await call("GET", path, undefined, { headers: { accept: "image/png" } });
      expect([path, status]).toEqual([path, 406]);
    }
  });

  it("of what has no body is nobody's to choose", async ({ expect }) => {
    const channel = await makeChannel();
    const html = { headers: { accept: "text/html" } };
    expect((await call("DELETE", `/channels/${channel}`, undefined, html)).status).toBe(204);
  });
});

describe("an export", () => {
  it("is a file with a name, in each of its forms", async ({ expect }) => {
    const channel = await makeChannel();
    for (const [accept, ending] of [
      ["text/csv", "csv"],
      ["application/jsonl", "jsonl"],
      ["application/x-ndjson", "jsonl"],
    ] as const) {
      const { headers } = await asking(channel, accept);
      const name = `attachment; filename="${channel}-events.${ending}"`;
      expect(headers.get("content-disposition")).toBe(name);
    }
    const page = await call("GET", `/channels/${channel}/events`);
    expect(page.headers.has("content-disposition")).toBe(false);
  });

  it("begins with a byte order mark where a spreadsheet needs one, and nowhere else", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    const begins = async (query: string, accept = "text/csv"): Promise<number[]> => {
      const headers = { authorization: `Bearer ${ADMIN}`, accept };
      const url = `${ORIGIN}/v1/channels/${channel}/events?${query}`;
      const response = await exports.default.fetch(url, { headers });
      return [...new Uint8Array(await response.arrayBuffer()).slice(0, 3)];
    };
    const mark = [0xef, 0xbb, 0xbf];
    expect(await begins("bom=1")).toEqual(mark);
    expect(await begins("bom=true")).toEqual(mark);
    for (const query of ["", "bom=false", "bom=0"]) expect(await begins(query)).not.toEqual(mark);
    expect(await begins("bom=1", "application/jsonl")).not.toEqual(mark);
    for (const bad of ["bom=yes", "bom="]) {
      expect((await asking(channel, "text/csv", bad)).status).toBe(400);
    }
  });

  it("has no formula in a cell, wherever a spreadsheet cuts it", async ({ expect }) => {
    const channel = await makeChannel();
    const words = ["hello;=1+1", "hello\t=1+1", "hello\n=1+1", "hello; @SUM(A1)"];
    const posted = words.map((text, index) => chat(`m${index}`, text));
    await call("POST", `/channels/${channel}/events`, posted);
    const { body } = await asking(channel, "text/csv");
    expect(body).toContain("hello;'=1+1");
    expect(body).not.toMatch(/[;\t\n] *[=+\-@]/);
  });

  it("has one line for an event, whatever its words hold", async ({ expect }) => {
    const channel = await makeChannel();
    const text = "a\u2028b\u2029c\u0085d";
    await postNotes(channel, [text]);
    const { body } = await asking(channel, "application/jsonl");
    expect(body).not.toMatch(/[\u0085\u2028\u2029]/);
    const event = JSON.parse(body) as { data: { text: string } };
    expect(event.data.text).toBe(text);
  });
});

describe("what has an entity tag", () => {
  it.for(["channel", "provider", "webhook", "event", "page"])(
    "is not sent again to whoever has it: a %s",
    async (kind, { expect }) => {
      const channel = await makeChannel();
      const at = `/channels/${channel}`;
      const make = async (path: string, body: object): Promise<string> =>
        (await call<{ id: string }>("POST", `${at}/${path}`, body)).body.id;
      const [first = "", second = ""] = await postNotes(channel, ["a", "b"]);
      const paths: Record<string, () => Promise<string> | string> = {
        channel: () => at,
        async provider() {
          const about = { protocol: "dlive", target: { streamer: "s" }, enabled: false };
          return `${at}/providers/${await make("providers", about)}`;
        },
        async webhook() {
          const about = { url: "https://receiver.example/hook", enabled: false };
          return `${at}/webhooks/${await make("webhooks", about)}`;
        },
        event: () => `${at}/events/${second}`,
        page: () => `${at}/events?limit=1&before=${second}`,
      };
      expect(first).not.toBe("");
      const path = (await paths[kind]?.()) ?? "";
      const { headers } = await call("GET", path);
      const tag = headers.get("etag") ?? "";
      expect(tag).toMatch(/^"[^"]+"$/);
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
        const again = await call("GET", path, undefined, { headers: { "if-none-match": known } });
        expect([known, again.status, again.body, again.headers.get("etag")]).toEqual([
          known,
          304,
          "",
          tag,
        ]);
      }
      const other = { headers: { "if-none-match": '"other"' } };
      expect((await call("GET", path, undefined, other)).status).toBe(200);
    },
  );

  it("is sent again once it was changed, and its new tag is the condition of a change", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const about = { url: "https://receiver.example/hook", enabled: false };
    const made = await call<{ id: string }>("POST", `/channels/${channel}/webhooks`, about);
    const path = `/channels/${channel}/webhooks/${made.body.id}`;
    const old = made.headers.get("etag") ?? "";
    const changed = await call(
      "PATCH",
      path,
      { types: ["chat.*"] },
      { headers: { "if-match": old } },
    );
    expect(changed.status).toBe(200);
    const again = await call("GET", path, undefined, { headers: { "if-none-match": old } });
    expect(again.status).toBe(200);
    expect(again.headers.get("etag")).toBe(changed.headers.get("etag"));
    const late = await call("PATCH", path, { types: [] }, { headers: { "if-match": old } });
    expect(late.status).toBe(412);
  });
});

describe("a time in an address", () => {
  it("with a + that was not encoded is refused with the remedy", async ({ expect }) => {
    const channel = await makeChannel();
    const at = `/channels/${channel}/events?since=2026-11-21T01:17:00`;
    const { status, body } = await call<{ detail: string }>("GET", `${at}+02:00`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining("%2B")]);
    expect((await call("GET", `${at}%2B02:00`)).status).toBe(200);
    const other = await call<{ detail: string }>("GET", `${at}x`);
    expect(other.body.detail).not.toContain("%2B");
  });
});
