import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";

import { ERRORS, RelayError, type ErrorCode } from "../../src/errors.ts";
import { makeProblemResponse, makeRetryAfter } from "../../src/http/problems.ts";
import { ADMIN, call, makeChannel, ORIGIN } from "../support/api.ts";

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { pointer?: string; parameter?: string; detail: string }[];
}

describe("every failure is a problem with a stable code", () => {
  it("has all its members, and the media type that says so", async ({ expect }) => {
    const { status, headers, body } = await call<Problem>("GET", "/nowhere");
    expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(body).toEqual({
      type: "urn:tributary:problem:not_found",
      title: expect.any(String),
      status: 404,
      detail: expect.any(String),
      code: "not_found",
      requestId: headers.get("x-request-id"),
    });
  });

  it.for([
    ["GET", "/channels/none", undefined, {}, 404, "channel_not_found"],
    ["GET", "/channels/none/events", undefined, {}, 404, "channel_not_found"],
    ["GET", "/channels/Bad!", undefined, {}, 400, "invalid_input"],
    ["DELETE", "/keys", undefined, {}, 405, "method_not_allowed"],
    ["PUT", "/channels", "{}", {}, 405, "method_not_allowed"],
    ["POST", "/channels", "{", {}, 400, "bad_request"],
    ["POST", "/channels", "", {}, 400, "bad_request"],
    ["POST", "/channels", "[]", {}, 400, "invalid_input"],
    ["POST", "/channels", "null", {}, 400, "invalid_input"],
    ["POST", "/channels", '{"id":"a","more":1}', {}, 400, "invalid_input"],
    ["POST", "/channels", "id=a", { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["POST", "/channels", `"${"x".repeat(1_100_000)}"`, {}, 413, "payload_too_large"],
    ["GET", "/channels?limit=0", undefined, {}, 400, "invalid_input"],
    ["GET", "/channels?limit=many", undefined, {}, 400, "invalid_input"],
    ["GET", "/channels?unknown=1", undefined, {}, 400, "invalid_input"],
    ["GET", "/schemas/no.such.json", undefined, {}, 404, "schema_not_found"],
    ["GET", "/keys", undefined, { authorization: "Basic YTpi" }, 401, "unauthorized"],
    ["GET", "/keys", undefined, { authorization: "Bearer" }, 401, "unauthorized"],
    ["GET", "/keys", undefined, { authorization: "Bearer wrong" }, 401, "unauthorized"],
    ["GET", "/keys", undefined, { authorization: "Bearer a.b.c" }, 401, "unauthorized"],
  ] as const)(
    "%s %s %s %s is answered %s",
    async ([method, path, body, headers, status, code], { expect }) => {
      const answered = await call<Problem>(method, path, body, { headers });
      expect([answered.status, answered.body.code]).toEqual([status, code]);
      expect(answered.headers.get("content-type")).toBe("application/problem+json");
    },
  );

  it("names each place that is wrong, by pointer or by parameter", async ({ expect }) => {
    const body = await call<Problem>("POST", "/channels", {
      id: "A",
      retentionDays: 0,
      mode: "no",
    });
    expect(body.body.errors?.map(({ pointer }) => pointer)).toEqual([
      "/id",
      "/retentionDays",
      "/mode",
    ]);
    const channel = await makeChannel();
    const query = await call<Problem>(
      "GET",
      `/channels/${channel}/events?types=chat.mesage&limit=5`,
    );
    expect(query.body.errors).toEqual([{ parameter: "types", detail: "unknown: chat.mesage" }]);
    const unknown = await call<Problem>("GET", `/channels/${channel}/events?typo=1`);
    expect(unknown.body.errors).toEqual([{ parameter: "typo", detail: "unknown parameter" }]);
  });

  it("says which methods there are", async ({ expect }) => {
    const { headers } = await call("DELETE", "/keys");
    expect(headers.get("allow")).toBe("GET, HEAD, POST");
  });

  it("counts a body whose length it was not told", async ({ expect }) => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(0x20)),
    });
    const response = await exports.default.fetch(`${ORIGIN}/v1/channels`, {
      method: "POST",
      headers: { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" },
      body: endless,
    });
    expect([response.status, (await response.json<Problem>()).code]).toEqual([
      413,
      "payload_too_large",
    ]);
  });

  it("says when to come back, wherever it means later", async ({ expect }) => {
    const later = Object.entries(ERRORS).filter(([, { status }]) => [429, 503].includes(status));
    expect(later.length).toBeGreaterThan(2);
    for (const [code] of later) {
      const response = makeProblemResponse(new RelayError(code as ErrorCode, "Later."), "r");
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(makeRetryAfter(500)).toEqual({});
  });

  it("never repeats a credential", async ({ expect }) => {
    const channel = await makeChannel();
    const provider = {
      protocol: "restream",
      credentials: { accessToken: 12, secret: "hush-hush" },
    };
    const linked = await call("POST", `/channels/${channel}/providers`, provider);
    const asked = await call("GET", "/channels?token=trb_typing_error_here");
    expect(JSON.stringify([linked.body, asked.body])).not.toMatch(/hush|typing_error/);
  });
});
