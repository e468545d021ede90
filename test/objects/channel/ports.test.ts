import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { makeGatewayHost } from "../../../src/objects/channel/gateway-host.ts";
import { HistoryWriter } from "../../../src/objects/channel/history-writer.ts";
import { Listeners } from "../../../src/objects/channel/listeners.ts";
import { LogReader } from "../../../src/objects/channel/log-reader.ts";
import { ChannelLog } from "../../../src/objects/channel/log.ts";
import { PACE } from "../../../src/objects/channel/pace.ts";
import { makeProvidersHost } from "../../../src/objects/channel/providers-host.ts";
import { Publication } from "../../../src/objects/channel/publication.ts";
import type { ChannelRuntime } from "../../../src/objects/channel/runtime.ts";
import { Outbox } from "../../../src/objects/channel/sends.ts";
import { ChannelSnapshot } from "../../../src/objects/channel/snapshot.ts";
import { ChannelSockets } from "../../../src/objects/channel/sockets.ts";
import { ChannelUpkeep } from "../../../src/objects/channel/upkeep.ts";
import { ViewerInterface } from "../../../src/objects/channel/viewer-interface.ts";
import { Providers } from "../../../src/objects/providers/providers.ts";
import { makeChannel, postNotes } from "../../support/api.ts";
import { connect } from "../../support/sockets.ts";

/** A runtime of which nothing is there yet but what it has before any of its parts. */
function makeEmptyRuntime(
  ctx: DurableObjectState,
  parts: Partial<ChannelRuntime> = {},
): ChannelRuntime {
  const channel = { id: "c", number: 1, epoch: "e" };
  const { storage } = ctx;
  const early = { ctx, storage, db: env.DB, channel, authority: {}, pace: PACE, ...parts };
  return new Proxy(early, {
    get(target, name) {
      if (name in target) return target[name as keyof typeof target];
      throw new Error(`${String(name)} was asked for too early`);
    },
  }) as unknown as ChannelRuntime;
}

describe("a part of a channel", () => {
  it("asks no other part while it is being made, whatever storage has", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    const sockets = [await connect(channel), await connect(channel)];
    const early: [string, string][] = [];
    await runInDurableObject(env.CHANNEL.getByName(channel), (instance, ctx) => {
      const { sql } = ctx.storage;
      const runtime = makeEmptyRuntime(ctx);
      const made = (instance as unknown as { runtime: ChannelRuntime }).runtime;
      const alarms = {} as ConstructorParameters<typeof Publication>[1];
      const demand = new Listeners(sql);
      const parts: Record<string, () => unknown> = {
        views: () => new ChannelSnapshot(runtime),
        log: () => new ChannelLog(runtime),
        feed: () => new HistoryWriter(runtime),
        reader: () => new LogReader(runtime),
        viewerInterface: () => new ViewerInterface(runtime),
        outbox: () => new Outbox(runtime),
        providers: () => new Providers(makeProvidersHost(runtime, env, demand)),
        // A socket's host has its reader: it is made before.
        clients: () =>
          new ChannelSockets(
            makeEmptyRuntime(ctx, { reader: made.reader }),
            makeGatewayHost(runtime),
          ),
        publication: () => new Publication(runtime, alarms),
        upkeep: () => new ChannelUpkeep(runtime, alarms, demand),
      };
      for (const [part, make] of Object.entries(parts)) {
        try {
          make();
        } catch (error) {
          early.push([part, String(error)]);
        }
      }
    });
    expect(early).toEqual([]);
    for (const socket of sockets) socket.close();
  });
});
