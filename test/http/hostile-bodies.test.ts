import { describe, it } from "vitest";

import { call, makeChannel } from "../support/api.ts";

/** Arrays in arrays, as text: to encode them would take a stack as deep. */
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

const DOORS: readonly [method: string, path: string, body: (deep: string) => string][] = [
  ["POST", "/channels", (deep) => `{"id":"deep","name":${deep}}`],
  ["PATCH", "/channels/:c", (deep) => `{"name":${deep}}`],
  ["POST", "/channels/:c/events", (deep) => `{"type":"custom.deep","data":{"deep":${deep}}}`],
  ["POST", "/channels/:c/events", (deep) => `[{"type":"custom.deep","data":{"deep":${deep}}}]`],
  [
    "POST",
    "/channels/:c/providers",
    (deep) => `{"protocol":"dlive","target":{"streamer":${deep}},"credentials":{}}`,
  ],
  ["PUT", "/channels/:c/interface", (deep) => `{"scene":${deep}}`],
  ["POST", "/channels/:c/messages", (deep) => `{"text":${deep}}`],
  ["POST", "/channels/:c/webhooks", (deep) => `{"url":${deep}}`],
  ["POST", "/channels/:c/tokens", (deep) => `{"scopes":${deep}}`],
  ["POST", "/channels/:c/tickets", (deep) => `{"scopes":${deep}}`],
  ["POST", "/keys", (deep) => `{"name":"k","scopes":${deep}}`],
];

describe("JSON nested too deeply", () => {
  it.for(DOORS)("is a 400 at every door: %s %s", async ([method, path, body], { expect }) => {
    const channel = await makeChannel();
    const at = path.replace(":c", channel);
    for (const levels of [65, 3_400, 100_000]) {
      const { status, body: problem } = await call(method, at, body(nested(levels)));
      expect(status).toBe(400);
      expect(problem).toMatchObject({ code: "invalid_input" });
    }
  });

  it("is taken as far as 64 levels, and given back as it is", async ({ expect }) => {
    const channel = await makeChannel();
    const text = `{"type":"custom.deep","data":{"deep":${nested(62)},"a":"[[\\"{{"}}`;
    const { status, body } = await call<{ ids: string[] }>(
      "POST",
      `/channels/${channel}/events`,
      text,
    );
    expect(status).toBe(201);
    const { body: event } = await call("GET", `/channels/${channel}/events/${body.ids[0]}`);
    expect(event["data"]).toEqual((JSON.parse(text) as { data: unknown }).data);
    const { status: deeper } = await call(
      "POST",
      `/channels/${channel}/events`,
      `{"type":"custom.deep","data":{"deep":${nested(63)}}}`,
    );
    expect(deeper).toBe(400);
  });
});
