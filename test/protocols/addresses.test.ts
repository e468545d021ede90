import { describe, it } from "vitest";

import type { AskedAddress } from "../../src/protocols/gateway.ts";
import { findOwner } from "../../src/protocols/registry.ts";

function upgrade(path: string, given: Partial<AskedAddress> = {}): AskedAddress {
  return { path, query: {}, offered: [], method: "GET", isUpgrade: true, ...given };
}

function call(method: string, path: string, given: Partial<AskedAddress> = {}): AskedAddress {
  return { path, query: {}, offered: [], method, isUpgrade: false, ...given };
}

describe("an address that names no protocol", () => {
  it.for([
    ["/", {}, "astro"],
    ["/", { query: { reconnect_token: "t" } }, "astro"],
    ["/", { offered: ["graphql-ws"] }, "dlive"],
    ["/", { query: { client_id: "" } }, "interactive-sync"],
    ["/", { query: { access_token: "t" }, offered: ["graphql-ws"] }, "interactive-sync"],
    ["/ws", {}, "restream"],
    ["/ws/7", {}, "multistreamer"],
    ["/ws/7/", {}, "multistreamer"],
    ["/ws/", {}, null],
    ["/ws/7/8", {}, null],
    ["/viewer", {}, null],
    ["/action/input", {}, null],
    ["/elsewhere", { query: { client_id: "c" } }, null],
    ["/constructor", {}, null],
  ] as const)("is an upgrade of the one that owns it: %j", ([path, given, owner], { expect }) => {
    expect(findOwner(upgrade(path, given))).toBe(owner);
  });

  it.for([
    ["POST", "/", "dlive"],
    ["OPTIONS", "/", "dlive"],
    ["GET", "/", null],
    ["GET", "/ws", null],
    ["POST", "/action/mouse", "interactive-sync"],
    ["OPTIONS", "/user/interface/query", "interactive-sync"],
    ["POST", "/action", null],
  ] as const)("is a call of the one that owns it: %s %s", ([method, path, owner], { expect }) => {
    expect(findOwner(call(method, path))).toBe(owner);
    expect(findOwner(call(method, path, { offered: ["graphql-ws"] }))).toBe(owner);
  });
});
