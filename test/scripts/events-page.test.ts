import { describe, it } from "vitest";

import { formatSentence, html } from "../../scripts/events-page/html.ts";
import { makeEventsPage, type AsyncApiDocument } from "../../scripts/events-page/page.ts";
import { formatType, listFields, type Schema } from "../../scripts/events-page/schema.ts";

const event = (data: Schema): Schema => ({
  description: "Somebody <b>said</b> `it`.",
  properties: { id: { type: "string" }, type: { const: "chat.message" }, data },
  required: ["id", "type", "data"],
});

const User: Schema = { properties: { name: { type: "string" } }, required: ["name"] };
const data: Schema = {
  properties: {
    user: { $ref: "#/components/schemas/User" },
    emote: { properties: { id: { type: "string" } }, required: ["id"] },
    pages: { items: { properties: { url: { type: "string" } } } },
    amount: { anyOf: [{ type: "null" }, { properties: { value: { type: "string" } } }] },
  },
  required: ["user"],
};

const document: AsyncApiDocument = {
  channels: {
    socket: {
      description: "Words.\n\n| limit | at most |\n| --- | --- |\n| a < b | 1 |",
      messages: {},
    },
    webhook: { description: "", messages: { "chat.message": {} } },
  },
  operations: {
    listen: { action: "send", messages: [{ $ref: "#/channels/socket/messages/Hello" }] },
    ping: { action: "receive", messages: [{ $ref: "#/channels/socket/messages/Ping" }] },
  },
  components: {
    schemas: {
      "chat.message": event(data),
      User,
      Hello: {},
      Ping: {},
      Pong: {},
      Result: {},
      Failure: {},
      WebhookHeaders: {},
    },
  },
};

describe("the page of events", () => {
  const page = makeEventsPage(document, { "chat.message": { data: { text: "</pre><script>" } } });

  it("shows each type with its words, its fields and an example", ({ expect }) => {
    expect(page).toContain('<article id="chat.message">');
    expect(page).toContain("Somebody &lt;b&gt;said&lt;/b&gt; <code>it</code>.");
    for (const path of ["user", "emote.id", "pages[].url", "amount.value"]) {
      expect(page).toContain(`<code>${path}</code>`);
    }
    expect(page).toContain("&lt;/pre&gt;&lt;script&gt;");
  });

  it("names nothing twice, and leads nowhere that is not there", ({ expect }) => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
    expect(links.length).toBeGreaterThan(5);
  });

  it("loads nothing but its own style and script, and holds none of its own", ({ expect }) => {
    const loaded = [...page.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, url]) => url ?? "");
    expect(loaded.filter((url) => !url.startsWith("/") && url !== "data:,")).toEqual([]);
    expect(page).not.toMatch(/<script>|<style|style=|\son[a-z]+=/);
  });

  it("shows the tables of the socket's description", ({ expect }) => {
    expect(page).toContain('<th scope="row">a &lt; b</th>');
  });
});

describe("a text on the page", () => {
  it("is text, whatever it says", ({ expect }) => {
    const hostile = `<img src=x onerror="a" alt='b'> & c`;
    const escaped = "&lt;img src=x onerror=&quot;a&quot; alt=&#39;b&#39;&gt; &amp; c";
    expect(html`${hostile}`.text).toBe(escaped);
    expect(formatSentence(`\`${hostile}\``).text).toBe(`<code>${escaped}</code>`);
  });
});

describe("a type in words", () => {
  it.for<[Schema, string]>([
    [{ type: "string" }, "string"],
    [{ type: ["string", "null"] }, "string or null"],
    [{ enum: ["a", "b"] }, "<code>a</code>, <code>b</code>"],
    [{ const: true }, "<code>true</code>"],
    [{ type: "array", items: { type: "integer" } }, "list of integer"],
    [{ type: "string", format: "date-time" }, "time"],
    [{ allOf: [{ $ref: "#/x/User" }] }, '<a href="#User">User</a>'],
    [{ anyOf: [{ $ref: "#/x/User" }, { type: "null" }] }, '<a href="#User">User</a> or null'],
    [{}, "anything"],
  ])("%j", ([schema, words], { expect }) => {
    expect(formatType(schema).text).toBe(words);
  });

  it("goes with whether it has to be there", ({ expect }) => {
    const needed = listFields(data).filter(({ isRequired }) => isRequired);
    expect(needed.map(({ path }) => path)).toEqual(["user", "emote.id"]);
  });
});
