import { exports } from "cloudflare:workers";
import { describe, it, vi } from "vitest";

import { isForModerators } from "../../src/event/catalogue.ts";
import { WebhookObject } from "../../src/objects/webhook/object.ts";
import { call, makeChannel, ORIGIN, type ShownPage } from "../support/api.ts";
import { keyFor, makeCredential } from "../support/authority.ts";
import { Hook, shown } from "../support/hooks.ts";
import { methodOf } from "../support/methods.ts";
import { samples } from "../support/samples.ts";
import { connect } from "../support/sockets.ts";
import { openStream } from "../support/streams.ts";

const TYPES = Object.keys(samples).filter(isForModerators);

/** Posts one of each type that only moderators hear of, and then a note that everybody does. */
async function postAll(channel: string): Promise<string[]> {
  const held = TYPES.map((type) => ({ type, data: samples[type as keyof typeof samples].data }));
  const events = [...held, { type: "custom.note", data: { text: "for all" } }];
  const path = `/channels/${channel}/events`;
  const { status, body } = await call<{ ids: string[] }>("POST", path, events);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.ids;
}

const READERS = [
  ["nobody", []],
  ["overlay key", []],
  ["reader", []],
  ["moderator", TYPES],
  ["manager", TYPES],
  ["admin", TYPES],
] as const;

async function credentialOf(who: (typeof READERS)[number][0], channel: string) {
  switch (who) {
    case "reader":
      return (await keyFor([channel], ["events:read", "events:write", "webhooks:manage"])).key;
    case "moderator":
      return (await keyFor([channel], ["events:read", "chat:write"])).key;
    case "manager":
      return (await keyFor([channel], ["events:read", "channels:manage"])).key;
    default:
      return (await makeCredential(who, channel)).credential;
  }
}

const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe.for(READERS)("what only moderators hear of, asked for by: %s", ([who, heard]) => {
  it("is in pages, exports and answers for one event only for who may moderate", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const ids = await postAll(channel);
    const key = await credentialOf(who, channel);
    const path = `/channels/${channel}/events`;
    const read = async (query: string) =>
      typesOf(
        (await call<ShownPage>("GET", `${path}?order=asc${query}`, undefined, { key })).body.events,
      );
    expect(await read("")).toEqual([...heard, "custom.note"]);
    expect(await read(`&types=${TYPES.join(",")}`)).toEqual(heard);
    expect(await read("&types=chat.*")).toEqual(heard);
    expect(await read("&contains=kappa&types=chat.*")).toEqual(heard.slice(0, 1));
    const headers = {
      accept: "application/jsonl",
      ...(key !== null && { authorization: `Bearer ${key}` }),
    };
    const file = await exports.default.fetch(`${ORIGIN}/v1${path}?order=asc`, { headers });
    const lines = (await file.text()).trim().split("\n");
    expect(typesOf(lines.map((line) => JSON.parse(line) as { type: string }))).toEqual([
      ...heard,
      "custom.note",
    ]);
    const found = await call("GET", `${path}/${ids[0]}`, undefined, { key });
    expect(found.status).toBe(heard.length > 0 ? 200 : 404);
  });

  it("is told on sockets and streams only to who may moderate", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const key = await credentialOf(who, channel);
    const live = await connect(channel, "", { key });
    const asked = await connect(channel, `?types=custom.*,${TYPES.join(",")}`, { key });
    await postAll(channel);
    const rewound = await connect(channel, "?rewind=50", { key });
    for (const socket of [live, asked, rewound]) {
      expect(typesOf(await socket.events(heard.length + 1))).toEqual([...heard, "custom.note"]);
      socket.close();
    }
    const stream = await openStream(
      channel,
      `?rewind=50&types=custom.*,${TYPES.join(",")}`,
      key === null ? { authorization: "" } : { authorization: `Bearer ${key}` },
    );
    expect((await stream.nextEvent()).event).toBe(heard[0] ?? "custom.note");
    await stream.cancel();
  });
});

describe("a webhook", () => {
  it("hears what only moderators hear of where a moderator named it, and not by a family", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [all, named] = [new Hook(), new Hook()];
    await all.attach(channel, { types: ["chat.*", "custom.note"] });
    await named.attach(channel, { types: ["chat.*", "chat.message.held", "custom.note"] });
    await postAll(channel);
    const told = async (hook: Hook, count: number) =>
      (await hook.until(count))
        .slice(1)
        .map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(await told(named, TYPES.length + 2)).toEqual(expect.arrayContaining(TYPES));
    expect(await told(all, 2)).toEqual(["custom.note"]);
  });

  it("that hears of it is made and changed by nobody else", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel], ["events:read", "webhooks:manage"]);
    const hook = new Hook();
    const types = ["chat.message.held"];
    const path = `/channels/${channel}/webhooks`;
    const refused = await call("POST", path, { url: hook.url, types }, { key });
    expect([refused.status, refused.body]).toMatchObject([403, { code: "forbidden" }]);
    const { id } = await hook.attach(channel, { types });
    const other = new Hook();
    for (const patch of [{ url: other.url }, { types: ["chat.*"] }, { types }]) {
      expect((await call("PATCH", `${path}/${id}`, patch, { key })).status).toBe(403);
      expect((await call("PATCH", `${path}/${id}`, patch)).status).toBe(200);
    }
  });

  it("is changed by nobody else who looked at it before it heard of it", async ({ expect }) => {
    const channel = await makeChannel();
    const { key } = await keyFor([channel], ["events:read", "webhooks:manage"]);
    const [hook, other] = [new Hook(), new Hook()];
    const { id } = await hook.attach(channel, { types: ["chat.message"] });
    const path = `/channels/${channel}/webhooks/${id}`;
    const find = methodOf(WebhookObject.prototype, "find");
    // A moderator is in between whoever looks and what comes of it.
    const looked = vi.spyOn(WebhookObject.prototype, "find");
    looked.mockImplementationOnce(async function (this: WebhookObject) {
      const view = await find.call(this);
      await call("PATCH", path, { types: ["chat.message.held"] });
      return view;
    });
    const late = await call("PATCH", path, { url: other.url }, { key });
    expect([late.status, late.body]).toMatchObject([409, { code: "conflict" }]);
    expect(looked).toHaveBeenCalledOnce();
    expect(await shown(channel, id)).toMatchObject({ url: hook.url, types: ["chat.message.held"] });
    // By now it is no longer theirs to change.
    expect((await call("PATCH", path, { url: other.url }, { key })).status).toBe(403);
    vi.restoreAllMocks();
  });
});
