import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, it } from "vitest";

import { app } from "../../src/http/app.ts";
import { ADMIN, call, makeChannel, ORIGIN, postNotes } from "../support/api.ts";
import { tokenOf } from "../support/gateways.ts";
import { socketsOf } from "../support/hubs.ts";

function head(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch(ORIGIN + path, {
    method: "HEAD",
    headers: { authorization: `Bearer ${ADMIN}`, ...headers },
  });
}

describe("a HEAD", () => {
  it("has a stream's headers, and leaves no socket", async ({ expect }) => {
    const channel = await makeChannel();
    const { status, headers, body } = await head(`/v1/channels/${channel}/stream`);
    expect([status, headers.get("content-type"), body]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
      null,
    ]);
    expect((await socketsOf(channel)).count).toBe(0);
  });

  it("of a stream is refused where a GET is", async ({ expect }) => {
    const channel = await makeChannel();
    const asked = (query: string, headers?: Record<string, string>): Promise<Response> =>
      head(`/v1/channels/${channel}/stream${query}`, headers);
    expect((await asked("?typo=1")).status).toBe(400);
    expect((await asked("", { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await asked("", { accept: "text/html" })).status).toBe(406);
  });

  it("waits for no event, though it is told to", async ({ expect }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["a"]);
    const before = Date.now();
    const { status } = await head(`/v1/channels/${channel}/events?after=${id}&order=asc&wait=30`);
    expect(status).toBe(200);
    expect(Date.now() - before).toBeLessThan(15_000);
    expect((await socketsOf(channel)).count).toBe(0);
  });

  it("has an export's headers, and reads nothing more", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    const response = await head(`/v1/channels/${channel}/events`, { accept: "text/csv" });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toMatch(/filename=/);
    expect(response.body).toBeNull();
  });

  it("opens no socket, whoever's address it is", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const paths = [
      `/v1/channels/${channel}/socket`,
      `/gateways/restream/ws?accessToken=${token}`,
      `/gateways/multistreamer/ws/${channel}?token=${token}`,
      `/gateways/interactive-sync/?client_id=c&access_token=${token}`,
      "/gateways/dlive/",
      "/gateways/astro/",
    ];
    for (const path of paths) {
      // By the app itself: the test's `fetch` makes a GET of whatever asks for an upgrade.
      const request = new Request(ORIGIN + path, {
        method: "HEAD",
        headers: { authorization: `Bearer ${ADMIN}`, upgrade: "websocket" },
      });
      const response = await app.fetch(request, env, createExecutionContext());
      expect([path, response.webSocket ?? null]).toEqual([path, null]);
    }
    expect((await socketsOf(channel)).count).toBe(0);
  });

  it("is answered as a GET is, wherever there is one", async ({ expect }) => {
    const channel = await makeChannel();
    for (const path of [
      "/channels",
      `/channels/${channel}`,
      "/keys",
      "/schemas",
      "/openapi.json",
    ]) {
      const [asHead, asGet] = [await head(`/v1${path}`), await call("GET", path)];
      expect([path, asHead.status]).toEqual([path, asGet.status]);
      expect(asHead.headers.get("content-type")).toBe(asGet.headers.get("content-type"));
    }
  });
});
