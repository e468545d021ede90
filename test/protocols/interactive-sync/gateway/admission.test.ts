import { describe, it } from "vitest";

import type { Refused } from "../../../../src/protocols/gateway.ts";
import { gateway } from "../../../../src/protocols/interactive-sync/index.ts";

/** What comes of a request's target, as the door reads it. */
function enter(target: string) {
  const { pathname: path, searchParams } = new URL(target, "https://relay.example");
  return gateway.admit({ path, query: Object.fromEntries(searchParams), offered: [] });
}

/** The frames of a refusal, and how the socket ends. */
function refusal(reason: Refused) {
  const refused = gateway.refuse(reason);
  if (refused.kind !== "socket") throw new Error("a game is refused on a socket");
  return {
    frames: refused.frames.map((frame) => JSON.parse(frame) as unknown),
    code: refused.code,
  };
}

describe("a game", () => {
  it("has its credential in the address, beside any client id", ({ expect }) => {
    expect(enter("/?client_id=anything&access_token=t0ken")).toEqual({
      channel: null,
      credential: "t0ken",
      subprotocol: null,
      about: null,
    });
  });

  it.for([
    ["/", "no_query"],
    ["/?", "no_query"],
    ["/?client_id=a", "no_credential"],
    ["/?access_token=b", "no_credential"],
    ["/?client_id=&access_token=b", "no_credential"],
    ["/?client_id=a&access_token=", "no_credential"],
    ["/?token=b", "no_credential"],
    ["/ws", "no_credential"],
  ])("is refused at %s: %s", ([target = "", reason], { expect }) => {
    expect(enter(target)).toMatchObject({ credential: null, refused: reason });
  });

  it("a path is part of the first name in the query", ({ expect }) => {
    for (const target of ["/ws?client_id=a&access_token=b", "/ws/?access_token=b&client_id=a"]) {
      expect(enter(target)).toMatchObject({ refused: "no_credential" });
    }
    expect(enter("/ws?x&client_id=a&access_token=b")).toMatchObject({ credential: "b" });
  });

  it.for([
    ["no_query", "Query parameters are missing ; connection will be terminated."],
    ["no_credential", "ClientID or accessToken is missing ; connection will be terminated."],
    ["unauthorized", "An error occurred on token validation: invalid access token"],
    [
      "forbidden",
      "We cant find user_id with your token. It must be an user access token retrieved with implitit code flow or authorization code flow.",
    ],
    ["channel_not_found", "An error occurred to retrieve user details: channel not found"],
  ] as const)("is told in one frame, and cut: %s", ([reason, message], { expect }) => {
    expect(refusal(reason)).toEqual({
      frames: [{ status: "error", context: "connection", message, data: null }],
      code: 1008,
    });
  });

  it("is told to come again where only the moment is wrong", ({ expect }) => {
    expect(refusal("unavailable")).toMatchObject({
      frames: [{ message: "An error occurred to retrieve user details: unavailable" }],
      code: 1013,
    });
  });
});

describe("a page that wants pushes", () => {
  it("has a viewer's token in the address", ({ expect }) => {
    expect(enter("/viewer?token=t0ken")).toEqual({
      channel: null,
      credential: "t0ken",
      subprotocol: null,
      about: "viewer",
      needs: "interact:write",
    });
    expect(enter("/viewer")).toMatchObject({ credential: null, about: "viewer" });
  });

  it.for([
    ["no_credential", 401, "Invalid authorization header"],
    ["unauthorized", 401, "Invalid JWT"],
    ["forbidden", 401, "Invalid JWT"],
    ["channel_not_found", 401, "Invalid JWT"],
    ["unavailable", 503, "Not available at the moment, please wait."],
  ] as const)("is answered as any call is: %s", ([reason, status, message], { expect }) => {
    const { about } = enter("/viewer") ?? { about: null };
    const refused = gateway.refuse(reason, about);
    if (refused.kind !== "answer") throw new Error("a page is refused with an answer");
    expect(refused.status).toBe(status);
    expect(JSON.parse(refused.body)).toMatchObject({ statusCode: status, message });
  });
});
