import { describe, it } from "vitest";

import { makeHandshakeHeaders, readHandshakeAnswer } from "../../src/delivery/handshake.ts";

const ORIGIN = "relay.example";

describe("the handshake", () => {
  it("is asked for with the origin, and with the rate in requests a minute", ({ expect }) => {
    expect(makeHandshakeHeaders(ORIGIN, 2)).toEqual({
      "webhook-request-origin": ORIGIN,
      "webhook-request-rate": "120",
    });
    expect(makeHandshakeHeaders(ORIGIN, 0.001)["webhook-request-rate"]).toBe("1");
    expect(makeHandshakeHeaders(ORIGIN, null)).toEqual({ "webhook-request-origin": ORIGIN });
  });

  it.for([
    [200, { "webhook-allowed-origin": ORIGIN }, null],
    [204, { "webhook-allowed-origin": "*" }, null],
    [299, { "webhook-allowed-origin": "*" }, null],
    [200, { "webhook-allowed-origin": `other.example, ${ORIGIN}` }, null],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "*" }, null],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": " 90 " }, 90],
  ] as const)("is given by %d %j", ([status, headers, perMinute], { expect }) => {
    expect(readHandshakeAnswer(status, headers, ORIGIN)).toEqual({ isGiven: true, perMinute });
  });

  it.for([
    [404, { "webhook-allowed-origin": "*" }],
    [302, { "webhook-allowed-origin": "*" }],
    [200, {}],
    [200, { "webhook-allowed-origin": "other.example" }],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "0" }],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "many" }],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "-60" }],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "60/s" }],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "1234567890" }],
    [199, { "webhook-allowed-origin": "*" }],
    [300, { "webhook-allowed-origin": "*" }],
  ] as const)("is not given by %d %j", ([status, headers], { expect }) => {
    expect(readHandshakeAnswer(status, headers, ORIGIN)).toMatchObject({ isGiven: false });
  });

  it.for([
    [404, {}, "404"],
    [200, {}, ORIGIN],
    [200, { "webhook-allowed-origin": "*", "webhook-allowed-rate": "0" }, "WebHook-Allowed-Rate"],
  ] as const)("that is not given by %d %j names why: %s", ([status, headers, why], { expect }) => {
    const answer = readHandshakeAnswer(status, headers, ORIGIN);
    expect(answer.isGiven ? "" : answer.detail).toContain(why);
  });
});
