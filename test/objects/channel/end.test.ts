import {
  createScheduledController,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { formatWebhookName } from "../../../src/calls/webhook.ts";
import worker from "../../../src/index.ts";
import { ChannelObject } from "../../../src/objects/channel/object.ts";
import { Hub } from "../../../src/objects/hub/object.ts";
import { WebhookObject } from "../../../src/objects/webhook/object.ts";
import { deleteChannel } from "../../../src/store/history/channels.ts";
import { call, makeChannel, postNotes, textsOf, type ShownPage } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { readHistory } from "../../support/history.ts";
import { Hook, textsIn } from "../../support/hooks.ts";
import { crowd } from "../../support/hubs.ts";
import { methodOf } from "../../support/methods.ts";
import { drained } from "../../support/objects.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

/*
 * A channel that is taken away, whatever is lost between any two steps of it, and whatever is done
 * next: nothing of it goes on, and nothing of it is in the next channel of its name.
 */

const dlive = new Emulated("dlive");
beforeEach(async () => {
  await dlive.reset();
});
afterEach(() => {
  vi.restoreAllMocks();
  crowd(2_000);
});

interface Channel {
  readonly id: string;
  readonly number: number;
  readonly webhook: string;
  readonly hook: Hook;
  readonly sockets: readonly TestSocket[];
}

async function numberOf(id: string): Promise<number> {
  return (await call<{ number: number }>("GET", `/channels/${id}`)).body.number;
}

/** A channel with all that a channel can have: a socket of its own and one in a hub among it. */
async function furnished(): Promise<Channel> {
  const id = await makeChannel();
  const hook = new Hook();
  const { id: webhook } = await hook.attach(id);
  await dlive.link(id);
  await dlive.until("subscribed>=1");
  const own = await connect(id);
  crowd(1);
  const inHub = await connect(id);
  crowd(2_000);
  for (const socket of [own, inHub]) await socket.nextOf("hello");
  await postNotes(id, ["the first owner's private words"]);
  await drained(id);
  return { id, number: await numberOf(id), webhook, hook, sockets: [own, inHub] };
}

async function takeAway({ id }: Channel): Promise<void> {
  await call("DELETE", `/channels/${id}`);
}

/** Ends an instance as a lost machine would. */
async function lose(stub: DurableObjectStub): Promise<void> {
  await runInDurableObject(stub, (_, state) => state.abort()).catch(() => {});
}

const channelOf = ({ id }: Channel) => env.CHANNEL.getByName(id);
const webhookOf = ({ number, webhook }: Channel) =>
  env.WEBHOOK.getByName(formatWebhookName(number, webhook));

/** What is lost while a channel is taken away. */
const MISHAPS: Readonly<Record<string, (channel: Channel) => Promise<void>>> = {
  "nothing is lost": takeAway,
  "whoever asked is lost once the database has let go of it": async ({ number }) => {
    await deleteChannel(env.DB, number, Date.now());
  },
  "its object cannot be asked": async (channel) => {
    vi.spyOn(ChannelObject.prototype, "destroy").mockRejectedValue(new Error("lost"));
    await takeAway(channel);
    vi.restoreAllMocks();
  },
  "its object's answer is lost": async (channel) => {
    const destroy = methodOf(ChannelObject.prototype, "destroy");
    const lost = async function destroyAndLose(this: ChannelObject, number?: number) {
      await destroy.call(this, number);
      throw new Error("lost");
    };
    vi.spyOn(ChannelObject.prototype, "destroy").mockImplementation(lost);
    await takeAway(channel);
    vi.restoreAllMocks();
  },
  "the database does not hear that it has ended": async (channel) => {
    await takeAway(channel);
    await env.DB.prepare("UPDATE purges SET ended = 0 WHERE channel = ?")
      .bind(channel.number)
      .run();
  },
  "its webhook cannot be asked, and its object is lost": async (channel) => {
    vi.spyOn(WebhookObject.prototype, "destroy").mockRejectedValue(new Error("lost"));
    await takeAway(channel);
    vi.restoreAllMocks();
    await lose(channelOf(channel));
  },
  "its webhook never answers": async (channel) => {
    vi.spyOn(WebhookObject.prototype, "destroy").mockReturnValue(new Promise(() => {}));
    await takeAway(channel);
    vi.restoreAllMocks();
  },
  "its hubs cannot be asked, and its object is lost": async (channel) => {
    vi.spyOn(Hub.prototype, "gone").mockRejectedValue(new Error("lost"));
    await takeAway(channel);
    vi.restoreAllMocks();
    await lose(channelOf(channel));
  },
};

/** Who finishes it. */
const REMEDIES: Readonly<Record<string, (channel: Channel) => Promise<void>>> = {
  "it is asked for again": async ({ id }) => {
    const { status } = await call("DELETE", `/channels/${id}`);
    if (status !== 204 && status !== 404) throw new Error(`answered ${status}`);
    await call("POST", "/channels", { id });
  },
  "a minute passes": async ({ id }) => {
    const controller = createScheduledController({ scheduledTime: new Date() });
    await worker.scheduled(controller, env);
    await call("POST", "/channels", { id });
  },
  "its name is given to another": async ({ id }) => {
    const { status } = await call("POST", "/channels", { id });
    if (status !== 201) throw new Error(`answered ${status}`);
  },
};

// Whoever finishes it does so alike, once it is known to be unfinished.
const CASES = Object.keys(MISHAPS).flatMap((mishap, index) =>
  Object.keys(REMEDIES)
    .slice(index < 3 ? 0 : -1)
    .map((remedy) => [mishap, remedy] as const),
);

describe("a channel that is taken away", () => {
  it.for(CASES)(
    "leaves nothing to the next one, where %s and %s",
    async ([mishap, remedy], { expect }) => {
      const old = await furnished();
      await MISHAPS[mishap]?.(old);
      await REMEDIES[remedy]?.(old);
      const { id } = old;
      // What could not be told at once is told by the alarm.
      await runDurableObjectAlarm(channelOf(old));
      await dlive.until("sockets==0");
      for (const socket of old.sockets) expect((await socket.closed).code).toBe(4004);
      expect(await webhookOf(old).find()).toBe(null);
      const keys = env.DB.prepare("SELECT id FROM webhook_keys WHERE webhook = ?").bind(
        old.webhook,
      );
      expect((await keys.all()).results).toEqual([]);

      const number = await numberOf(id);
      expect(number).toBeGreaterThan(old.number);
      for (const list of ["providers", "webhooks", "connections"]) {
        const { body } = await call("GET", `/channels/${id}/${list}`);
        expect([list, body["data"]]).toEqual([list, []]);
      }
      const socket = await connect(id);
      const hello = await socket.nextOf("hello");
      expect(hello["position"]).toMatch(/-0$/);
      const [first] = await postNotes(id, ["the next owner's words"]);
      expect(textsOf(await socket.events(1))).toEqual(["the next owner's words"]);
      await drained(id);
      const { body } = await call<ShownPage>("GET", `/channels/${id}/events`);
      expect(body.events.map((event) => event.id)).toEqual([first]);
      expect((await readHistory(number)).map(({ seq }) => seq)).toEqual([1]);
      expect(textsIn(await old.hook.until(1))).not.toContain("the next owner's words");
      socket.close();
      await call("DELETE", `/channels/${id}`);
    },
  );
});
