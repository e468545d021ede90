import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/restream/index.ts";
import { linkTo } from "../../support/samples.ts";
import { samples } from "../samples.ts";

describe("an address", () => {
  it("carries the token, as an address can", ({ expect }) => {
    const credentials = { accessToken: "a+b/c=d&e f" };
    const { url, protocols } = provider.dial(linkTo(samples, { credentials }));
    expect(url).toBe("wss://chat.api.restream.io/ws?accessToken=a%2Bb%2Fc%3Dd%26e+f");
    expect(new URL(url).searchParams.get("accessToken")).toBe(credentials.accessToken);
    expect(protocols).toEqual([]);
  });

  it("carries the newest token, once", ({ expect }) => {
    const url = "ws://127.0.0.1:4100/ws?accessToken=old&room=1";
    const dialled = new URL(provider.dial(linkTo(samples, { url })).url);
    expect(dialled.searchParams.getAll("accessToken")).toEqual(["4ccess-t0ken"]);
    expect(dialled.searchParams.get("room")).toBe("1");
  });

  it("carries none where none has been got yet", ({ expect }) => {
    const credentials = { clientId: "c", clientSecret: "s", refreshToken: "r" };
    const { url } = provider.dial(linkTo(samples, { credentials }));
    expect(url).toBe("wss://chat.api.restream.io/ws");
  });
});

describe("a refused token", () => {
  it.for([401, 403])("is renewed: HTTP %i", (status, { expect }) => {
    const renew = { remedy: "renew", reason: "token_invalid" };
    expect(provider.refused({ status, body: "" })).toMatchObject(renew);
  });

  it.for([
    [1008, ""],
    [4001, ""],
    [1000, "Unauthorized"],
    [1011, "auth failed"],
  ] as const)("is renewed: closed %i %s", ([code, reason], { expect }) => {
    expect(provider.closed({ code, reason })).toEqual({
      remedy: "renew",
      reason: "token_invalid",
      detail: `Restream closed the socket over its token (${code}).`,
    });
  });

  it.for([
    [404, "stop", "address_unknown"],
    [410, "stop", "address_unknown"],
    [429, "slow", "rate_limited"],
    [503, "slow", "rate_limited"],
    [500, "retry", "provider_down"],
    [502, "retry", "provider_down"],
    [400, "slow", "dial_refused"],
    [418, "slow", "dial_refused"],
  ] as const)("is not what HTTP %i means: %s, %s", ([status, remedy, reason], { expect }) => {
    expect(provider.refused({ status, body: "" })).toMatchObject({ remedy, reason });
  });

  it.for([1000, 1001, 1005, 1006, 1011, 1012, 4000])("is not what %i means", (code, { expect }) => {
    const retry = { remedy: "retry", reason: "socket_closed" };
    expect(provider.closed({ code, reason: "" })).toMatchObject(retry);
  });
});
