import { describe, it } from "vitest";

import type { UpgradeRequest } from "../../src/protocols/gateway.ts";
import { findOwner, findGatewayAdapter } from "../../src/protocols/registry.ts";
import { catalogue, catalogueTypes, marked, marksIn } from "./support/gateway-events.ts";
import { gatewaySuites, socketSuites } from "./support/gateway-suites.ts";
import { GatewayWorld, greeted, readSent } from "./support/gateway-world.ts";
import { hostile, mutantsOf } from "./support/hostile.ts";

// What every gateway owes its clients and us, whatever it speaks: one that is registered gets these
// for free, and fails for want of samples. What it owes in any order of things is in
// gateway-model.test.ts.

const REASONS = [
  "no_query",
  "no_credential",
  "unauthorized",
  "forbidden",
  "channel_not_found",
  "unavailable",
] as const;

it("finds a gateway by its protocol's name, and none that is not there", ({ expect }) => {
  expect(gatewaySuites.length).toBeGreaterThan(0);
  for (const { id, gateway } of gatewaySuites) {
    expect(gateway.protocol).toBe(id);
    expect(findGatewayAdapter(id)).toBe(gateway);
  }
  expect(findGatewayAdapter("constructor")).toBeUndefined();
  expect(findGatewayAdapter("smoke-signals")).toBeUndefined();
});

describe.for(gatewaySuites)("an address of $id", ({ id, gateway, samples }) => {
  it.for(Object.entries(samples.addresses))("is read: %s", ([, sample], { expect }) => {
    expect(gateway.admit(sample.request)).toMatchObject({
      channel: sample.channel ?? null,
      credential: sample.credential ?? null,
      subprotocol: sample.subprotocol ?? null,
    });
    const owner = findOwner({ ...sample.request, method: "GET", isUpgrade: true });
    expect(owner === id).toBe(sample.isOwn);
  });

  it("is none of nobody's path, and takes a sub-protocol that was offered only", ({ expect }) => {
    expect(
      gateway.ownsPath({
        path: "/no/such/path",
        query: {},
        offered: [],
        method: "GET",
        isUpgrade: true,
      }),
    ).toBe(false);
    for (const { request } of Object.values(samples.addresses)) {
      for (const { where, frame } of mutantsOf(request, [
        "",
        "/",
        "//",
        "%2e%2e",
        "constructor",
        [],
        ["x"],
        {},
      ])) {
        const mutant = frame as UpgradeRequest;
        if (typeof mutant.path !== "string" || !Array.isArray(mutant.offered)) continue;
        const admission = gateway.admit({
          ...mutant,
          query: Object(mutant.query) as UpgradeRequest["query"],
        });
        if (admission === null) continue;
        const { subprotocol, about } = admission;
        if (subprotocol !== null) expect(mutant.offered, where).toContain(subprotocol);
        expect(JSON.stringify(about), where).not.toContain(samples.token);
      }
    }
  });
});

describe.for(gatewaySuites)("a refusal of $id", (suite) => {
  const { gateway, samples } = suite;

  it.for(REASONS)("is said as the protocol says it: %s", (reason, { expect }) => {
    const contexts = Object.values(samples.sockets).map(({ context }) => context);
    const [first] = contexts;
    const refusal = gateway.refuse(reason, first);
    expect(refusal.kind === "answer" ? refusal.status : refusal.code).toBe(
      samples.refusals[reason],
    );
    for (const context of [undefined, ...contexts]) {
      const said = gateway.refuse(reason, context);
      if (said.kind === "socket") {
        for (const frame of said.frames) expect(readSent(suite, frame)).toBeTypeOf("object");
        expect(new TextEncoder().encode(said.reason).length).toBeLessThanOrEqual(123);
        continue;
      }
      // That we are away says nothing of the credential: a client that took it so would give up.
      expect(Math.floor(said.status / 100)).toBe(reason === "unavailable" ? 5 : 4);
      expect(said.type).toMatch(/^[a-z]+\/[a-z]+/);
    }
  });

  it("tells a credential that does not hold from our being away", ({ expect }) => {
    const [{ context } = { context: null }] = Object.values(samples.sockets);
    expect(gateway.refuse("unavailable", context)).not.toEqual(
      gateway.refuse("unauthorized", context),
    );
  });

  it("closes with codes that may be sent", ({ expect }) => {
    const codes = [gateway.closes.slow, gateway.closes.credential, ...samples.closes];
    for (const code of codes) {
      const isOfProtocol = code >= 1000 && code <= 1013 && ![1004, 1005, 1006].includes(code);
      expect(isOfProtocol || (code >= 3000 && code <= 4999), String(code)).toBe(true);
    }
  });
});

describe.for(socketSuites)("a greeting of $name", (suite) => {
  const { socket, samples } = suite;

  it("is what is sent first, and what a client sends is answered by the rest", ({ expect }) => {
    const world = new GatewayWorld(suite);
    expect(world.sent.map((frame) => samples.kindOf(frame))).toEqual(socket.opened);
    world.sent = [];
    for (const frame of socket.greeting) world.say(frame).settle();
    expect(world.sent.map((frame) => samples.kindOf(frame))).toEqual(socket.greeted);
    expect([...world.follows]).toEqual(["demo"]);
    expect([world.faults, world.closed]).toEqual([[], null]);
  });

  it("comes before anything that happens", ({ expect }) => {
    const world = new GatewayWorld(suite);
    if (socket.greeting.length === 0) return;
    for (const frame of socket.greeting) {
      world.follows.add("demo");
      world.happen([marked(1), ...catalogue]);
      world.follows.delete("demo");
      world.say(frame);
    }
    expect(world.sent.flatMap(marksIn)).toEqual([]);
    expect(world.sent.map((frame) => samples.kindOf(frame))).toEqual(
      expect.not.arrayContaining(Object.values(socket.says).flat()),
    );
  });
});

describe.for(socketSuites)("an event to $name", (suite) => {
  const { socket, samples } = suite;

  it.for(catalogueTypes)(
    "is said in the protocol's words, or cannot be: %s",
    (type, { expect }) => {
      const world = greeted(suite);
      world.sent = [];
      world.happen(catalogue.filter((draft) => draft.type === type)).settle();
      expect(world.sent.map((frame) => samples.kindOf(frame))).toEqual(socket.says[type] ?? []);
      expect([world.faults, world.closed]).toEqual([[], null]);
    },
  );

  it("of a type that nobody knows is passed over", ({ expect }) => {
    const world = greeted(suite);
    world.sent = [];
    world.happen([{ type: "custom.thing", platform: "api", data: { constructor: [1] } }], "demo");
    expect([world.sent, world.faults, world.closed]).toEqual([[], [], null]);
  });

  it.for([false, true])(
    "is said once, and in order, also to one that sleeps: %s",
    (isForgetful, { expect }) => {
      const world = greeted(suite);
      world.isForgetful = isForgetful;
      const drafts = [...Array(40).keys()].map(marked);
      for (const at of [0, 1, 3, 10, 33])
        world.happen(drafts.slice(at, { 0: 1, 1: 3, 3: 10, 10: 33 }[at] ?? 40)).settle();
      const isSaid = socket.says["chat.message"] !== undefined;
      expect(world.sent.flatMap(marksIn)).toEqual(isSaid ? [...drafts.keys()] : []);
      expect(world.faults).toEqual([]);
    },
  );
});

const requested = gatewaySuites.filter(({ gateway }) => gateway.request !== undefined);

describe.for(requested)("a request over HTTP to $id", ({ gateway }) => {
  it.for(Object.entries(hostile))("is answered, and throws nothing: %s", ([, body], { expect }) => {
    for (const path of ["/", "", "/x", "/constructor"]) {
      for (const authorization of [null, "", "Bearer", "Bearer x", "x"]) {
        const round = gateway.request?.({ path, authorization, body }) ?? null;
        const reply = round?.answer(null, [], 0);
        if (reply !== undefined) {
          expect(reply.status).toBeGreaterThanOrEqual(200);
          expect(JSON.parse(reply.body)).toBeTypeOf("object");
        }
      }
    }
  });
});
