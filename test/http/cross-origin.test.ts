import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";

import { isAllowedOrigin } from "../../src/http/origins.ts";
import { ADMIN, makeChannel, ORIGIN } from "../support/api.ts";

const PAGE = "https://pages.example";

function preflight(path: string, headers: string, origin = PAGE): Promise<Response> {
  return exports.default.fetch(`${ORIGIN}/v1${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "GET",
      "access-control-request-headers": headers,
    },
  });
}

describe("a preflight", () => {
  it.for([
    "cache-control",
    "last-event-id",
    "authorization,cache-control,last-event-id",
    "accept,content-type,pragma,x-requested-with",
    "traceparent,tracestate,baggage,x-client-name",
    "if-match,if-none-match,idempotency-key",
  ])("allows what EventSource polyfills and libraries set: %s", async (asked, { expect }) => {
    for (const path of ["/channels/demo/stream", "/channels/demo/events", "/openapi.json"]) {
      const { status, headers } = await preflight(path, asked);
      expect(status).toBe(204);
      expect(headers.get("access-control-allow-origin")).toBe(PAGE);
      expect(headers.get("access-control-allow-headers")?.split(",")).toEqual(asked.split(","));
      expect(headers.get("vary")).toMatch(/origin/i);
    }
  });

  it("allows a page of a strange origin nothing", async ({ expect }) => {
    for (const origin of ["https://evil.example", "null", "file://"]) {
      const { headers } = await preflight("/channels/demo/stream", "authorization", origin);
      expect(headers.has("access-control-allow-origin")).toBe(false);
    }
  });
});

describe("an EventSource of another origin", () => {
  it("is served when it was told to send credentials", async ({ expect }) => {
    const channel = await makeChannel();
    const response = await exports.default.fetch(`${ORIGIN}/v1/channels/${channel}/stream`, {
      headers: { origin: PAGE, authorization: `Bearer ${ADMIN}`, accept: "text/event-stream" },
    });
    // Fetch standard, "CORS check": the very origin, and `true`.
    expect(response.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(response.headers.get("access-control-allow-credentials")).toBe("true");
    await response.body?.cancel();
  });
});

describe("the origins that are allowed", () => {
  const allows = (origin: string, allowed: string): boolean =>
    isAllowedOrigin(origin, `${ORIGIN}/v1/channels`, allowed);

  it.for(["null", "file://", "http://absolute"])(
    "include %s, of a page that is a file, by the word `local` and by no pattern",
    (origin, { expect }) => {
      expect(allows(origin, "local")).toBe(true);
      expect(allows(origin, "https://pages.example, local")).toBe(true);
      for (const other of ["", "*", "https://*", "http://localhost:*"]) {
        expect([other, allows(origin, other)]).toEqual([other, origin === "http://nothing"]);
      }
    },
  );

  it("are no others by the word `local`", ({ expect }) => {
    for (const origin of [
      "https://evil.example",
      "http://localhost:3000",
      "http://absolute.evil",
    ]) {
      expect(allows(origin, "local")).toBe(false);
    }
    expect(allows(ORIGIN, "")).toBe(true);
    expect(allows("https://a.example.com", "https://*.example.com")).toBe(true);
  });
});
