import { describe, it } from "vitest";

import { call, makeChannel } from "../support/api.ts";
import { Hook } from "../support/hooks.ts";
import { connect } from "../support/sockets.ts";

interface Page {
  readonly data: readonly Record<string, unknown>[];
  readonly next: string | null;
  readonly errors?: readonly { parameter?: string }[];
}

/** Every list of the API, with what makes one of its entries; some fill themselves. */
const LISTS: readonly [string, ((channel: string, hook: string) => Promise<unknown>) | null][] = [
  ["/channels", () => makeChannel()],
  ["/keys", () => call("POST", "/keys", { name: "k", scopes: ["events:read"] })],
  ["/schemas", null],
  [
    "/channels/CHANNEL/overlay-keys",
    (channel) => call("POST", `/channels/${channel}/overlay-keys`, { name: "o" }),
  ],
  [
    "/channels/CHANNEL/providers",
    (channel) =>
      call("POST", `/channels/${channel}/providers`, {
        protocol: "dlive",
        target: { streamer: crypto.randomUUID().slice(0, 8) },
        enabled: false,
      }),
  ],
  ["/channels/CHANNEL/connections", null],
  ["/channels/CHANNEL/sockets", (channel) => connect(channel)],
  [
    "/channels/CHANNEL/webhooks",
    (channel) =>
      call("POST", `/channels/${channel}/webhooks`, {
        url: "https://receiver.example/hook",
        enabled: false,
      }),
  ],
  [
    "/channels/CHANNEL/webhooks/HOOK/deliveries",
    (channel, hook) => call("POST", `/channels/${channel}/webhooks/${hook}/test`),
  ],
  [
    "/channels/CHANNEL/webhooks/HOOK/recoveries",
    (channel, hook) =>
      call("POST", `/channels/${channel}/webhooks/${hook}/recoveries`, {
        since: "2026-01-01T00:00:00Z",
      }),
  ],
];

/** Makes a channel with a webhook, and what fills a list; answers the list's address. */
async function fill(path: string, make: (typeof LISTS)[number][1]): Promise<string> {
  const channel = await makeChannel();
  const { body } = await call<{ id: string }>("POST", `/channels/${channel}/webhooks`, {
    url: new Hook().url,
  });
  for (let n = 0; n < 5; n++) await make?.(channel, body.id);
  return path.replace("CHANNEL", channel).replace("HOOK", body.id);
}

const nameOf = (entry: Record<string, unknown>): unknown =>
  entry["id"] ?? entry["identifier"] ?? entry["type"];

describe("every list", () => {
  it.for(LISTS)(
    "%s is read whole by a pager that knows only cursor and limit",
    async ([path, make], { expect }) => {
      const list = await fill(path, make);
      const whole = await call<Page>("GET", `${list}?limit=200`);
      expect([path, whole.status, whole.body.next]).toEqual([path, 200, null]);
      const seen: unknown[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const { status, body } = await call<Page>("GET", `${list}?limit=2${after}`);
        expect(status).toBe(200);
        expect(body.data.length).toBeLessThanOrEqual(2);
        seen.push(...body.data.map(nameOf));
        cursor = body.next;
      }
      expect(seen).toEqual(whole.body.data.map(nameOf));
      if (make !== null) expect(seen.length).toBeGreaterThanOrEqual(5);
    },
  );

  it.for(LISTS)(
    "%s refuses a cursor that cannot be read, or that is another list's",
    async ([path], { expect }) => {
      const list = await fill(path, null);
      const { body: other } = await call<Page>("GET", "/schemas?limit=1");
      const foreign = path === "/schemas" ? btoa('["keys","a"]') : (other.next ?? "");
      const bad = ["x", "%20", "demo", "d_1", foreign, `${foreign}=`, "WyJhIl0", "%F0%9F%98%80"];
      for (const cursor of bad) {
        const { status, body } = await call<Page>("GET", `${list}?cursor=${cursor}`);
        expect([cursor, status, body.errors?.[0]?.parameter]).toEqual([cursor, 400, "cursor"]);
      }
    },
  );

  it.for(LISTS)(
    "%s refuses a limit that is none, and parameters that it does not know",
    async ([path], { expect }) => {
      const list = await fill(path, null);
      for (const query of ["limit=0", "limit=201", "limit=x", "page=2"]) {
        expect([query, (await call("GET", `${list}?${query}`)).status]).toEqual([query, 400]);
      }
    },
  );

  it("of deliveries takes `after` as well, with a cursor or a delivery's id", async ({
    expect,
  }) => {
    const list = await fill(...(LISTS.find(([path]) => path.endsWith("deliveries")) ?? ["", null]));
    const first = await call<Page>("GET", `${list}?limit=2`);
    const [, last] = first.body.data;
    for (const after of [first.body.next, last?.["id"]]) {
      const { body } = await call<Page>("GET", `${list}?limit=2&after=${String(after)}`);
      const ofCursor = await call<Page>("GET", `${list}?limit=2&cursor=${first.body.next}`);
      expect(body.data.map(nameOf)).toEqual(ofCursor.body.data.map(nameOf));
    }
    expect((await call("GET", `${list}?after=nonsense`)).status).toBe(400);
    expect((await call("GET", `${list}?after=d_1&cursor=${first.body.next}`)).status).toBe(400);
  });
});
