import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { ChannelCalls } from "../../../src/calls/channel.ts";
import { grant, type Answer } from "../../../src/event/answer.ts";
import type { Principal } from "../../../src/event/principal.ts";
import { Authority } from "../../../src/objects/authority.ts";
import { GatewaySockets } from "../../../src/objects/gateways/clients.ts";
import { makeGatewayHost } from "../../../src/objects/hub/gateway-host.ts";
import { gateway } from "../../../src/protocols/astro/index.ts";
import type { ChannelFacts, FollowRefusal } from "../../../src/protocols/gateway-session.ts";
import { makeChannel } from "../../support/api.ts";
import { numbered, samples } from "../../support/samples.ts";

const principal: Principal = {
  kind: "token",
  credentialId: "c-1",
  scopes: ["events:read"],
  channels: [{ id: "demo", number: 1 }],
};

const facts = (head: number): ChannelFacts => ({
  id: "demo",
  number: 1,
  name: "Demo",
  head,
  connections: [],
  stream: { live: null, since: null, viewers: null },
});

/** A socket whose client has said nothing yet. */
const STRANGER = { about: null, principal: null, channel: null, from: "192.0.2.1" };

type Followed = Answer<ChannelFacts, FollowRefusal>;

/** Sockets of an object whose follows are answered when a test says so. */
function held(ctx: DurableObjectState) {
  const follows: ((answer: Followed) => void)[] = [];
  const work: Promise<unknown>[] = [];
  const never = (): never => {
    throw new Error("not asked for here");
  };
  const sockets = new GatewaySockets({
    ctx: new Proxy(ctx, {
      get: (target, name) =>
        name === "waitUntil"
          ? (each: Promise<unknown>) => work.push(each)
          : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
    }),
    authenticate: () => Promise.resolve(principal),
    follow: () => new Promise((resolve) => follows.push(resolve)),
    look: never,
    abandoned: () => {},
    may: () => true,
    send: never,
    post: never,
    handOver: never,
    populationChanged: () => {},
  });
  return { sockets, follows, work };
}

describe("a client whose credential is revoked while it is being let in", () => {
  it("does not follow the channel", async ({ expect }) => {
    const stub = env.CHANNEL.getByName(await makeChannel());
    await runInDurableObject(stub, async (_, ctx) => {
      const revoked = new Set<string>();
      const ground = { number: 1, public: false, updatedAt: 1 };
      const never = (): never => {
        throw new Error("not asked for here");
      };
      const feed = {
        join: () => Promise.resolve(grant({ epoch: "e", head: 0, ground })),
        learn: () => {},
      };
      const channel = {
        admit: () => {
          revoked.add(principal.credentialId);
          return Promise.resolve(grant({ ...facts(0), interface: null, epoch: "e", ground }));
        },
      };
      const host = makeGatewayHost({
        ctx,
        masterKeys: { current: "", previous: null },
        authenticate: never,
        revoked,
        findAuthority: () =>
          new Authority({ has: (id) => revoked.has(id), revision: 0 }, () => ({
            id: "demo",
            ...ground,
          })),
        reach: () => channel as unknown as ChannelCalls,
        isChannel: () => Promise.resolve(true),
        channel: () => ({ feed }),
        settle: never,
        populationChanged: never,
      });
      expect(await host.follow("demo", principal, "192.0.2.1")).toMatchObject({
        code: "unauthorized",
      });
    });
  });
});

describe("a client that asks on and on, and reads nothing", () => {
  it("is let go before its answers fill the object", async ({ expect }) => {
    const stub = env.CHANNEL.getByName(await makeChannel());
    await runInDurableObject(stub, (_, ctx) => {
      const { sockets } = held(ctx);
      // Nobody accepts it, so nothing is read.
      sockets.accept(gateway, STRANGER);
      const [ours] = ctx.getWebSockets();
      if (ours === undefined) throw new Error("there is no socket");
      let asked = 0;
      for (; sockets.count > 0 && asked < 20_000; asked += 1) sockets.onMessage(ours, "what?");
      expect(sockets.count).toBe(0);
      expect(asked).toBeGreaterThan(1000);
    });
  });
});

describe("a client whose follow is looked into while something happens", () => {
  it("is told of what is after the facts, and not of what is in them", async ({ expect }) => {
    const stub = env.CHANNEL.getByName(await makeChannel());
    await runInDurableObject(stub, async (_, ctx) => {
      const { sockets, follows, work } = held(ctx);
      const theirs = sockets.accept(gateway, STRANGER);
      const [ours] = ctx.getWebSockets();
      if (ours === undefined) throw new Error("there is no socket");
      const data = { topic: "channel.stream.status", room: "demo", token: "t" };
      sockets.onMessage(ours, JSON.stringify({ type: "subscribe", data }));
      await work[0];
      sockets.publish("demo", [
        numbered(samples["stream.online"], 5),
        numbered(samples["stream.offline"], 6),
      ]);
      follows[0]?.(grant(facts(5)));
      await Promise.all(work);
      expect(sockets.deliveredOn("demo")).toBe(1);
      theirs.accept();
      theirs.close();
    });
  });
});

describe("a client that asks for one channel several times at once", () => {
  it("misses nothing, whichever answer is first", async ({ expect }) => {
    const stub = env.CHANNEL.getByName(await makeChannel());
    await runInDurableObject(stub, async (_, ctx) => {
      const { sockets, follows, work } = held(ctx);
      const theirs = sockets.accept(gateway, STRANGER);
      const sent: string[] = [];
      theirs.addEventListener("message", ({ data }) => sent.push(String(data)));
      theirs.accept();
      const [ours] = ctx.getWebSockets();
      if (ours === undefined) throw new Error("no socket");
      for (const topic of ["channel.stream.status", "channel.activities"]) {
        const data = { topic, token: "t" };
        sockets.onMessage(ours, JSON.stringify({ type: "subscribe", data }));
      }
      await Promise.all(work);
      expect(follows).toHaveLength(2);
      const [first, second] = work.slice(2);
      // What happens now is after the first answer's facts, and before that answer has come.
      sockets.publish("demo", [numbered(samples["stream.online"], 6)]);
      follows[0]?.(grant(facts(5)));
      await first;
      follows[1]?.(grant(facts(6)));
      await second;
      sockets.publish("demo", [numbered(samples["stream.offline"], 7)]);
      // A frame of ours comes after all that was sent before it.
      await new Promise<void>((resolve) => {
        theirs.addEventListener("message", ({ data }) => {
          if (String(data).includes("unsubscribed")) resolve();
        });
        const data = { topic: "channel.tips" };
        sockets.onMessage(ours, JSON.stringify({ type: "unsubscribe", data }));
      });
      const told = sent
        .map((frame) => JSON.parse(frame) as { type: string; data: { isLive?: boolean } })
        .filter(({ type }) => type === "message");
      expect(told.map(({ data }) => data.isLive)).toEqual([true, false]);
    });
  });
});

describe("a client that asks for a channel that goes meanwhile", () => {
  it("is told to try again, and follows nothing that is not there", async ({ expect }) => {
    const stub = env.CHANNEL.getByName(await makeChannel());
    await runInDurableObject(stub, async (_, ctx) => {
      const { sockets, follows, work } = held(ctx);
      const theirs = sockets.accept(gateway, STRANGER);
      const answered = new Promise<string>((resolve) => {
        theirs.addEventListener("message", ({ data }) => {
          if (String(data).includes("response")) resolve(String(data));
        });
      });
      theirs.accept();
      const [ours] = ctx.getWebSockets();
      if (ours === undefined) throw new Error("no socket");
      const data = { topic: "channel.tips", token: "t" };
      sockets.onMessage(ours, JSON.stringify({ type: "subscribe", data }));
      await Promise.all(work);
      sockets.gone("demo", "channel deleted");
      follows[0]?.(grant(facts(5)));
      expect(JSON.parse(await answered)).toMatchObject({ error: "err_internal_error" });
      expect(sockets.follows("demo")).toBe(false);
    });
  });
});
