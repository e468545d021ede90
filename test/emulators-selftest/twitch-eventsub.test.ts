import { describe } from "vitest";

import { Client } from "./support/client.ts";
import { followEventSub, subscribe } from "./support/follow.ts";
import { it } from "./support/it.ts";

const CHAT = "channel.chat.message";

interface Frame {
  readonly metadata: { readonly message_type: string };
  readonly payload: {
    readonly session?: { readonly id: string; readonly reconnect_url: string | null };
    readonly event?: Record<string, unknown>;
  };
}

const read = (text = "{}"): Frame => JSON.parse(text) as Frame;

describe("Twitch's EventSub", () => {
  it("welcomes, and tells of what was subscribed and of nothing else", async ({
    expect,
    eventsub,
  }) => {
    const client = await followEventSub(eventsub);
    await eventsub.do({ action: "event", type: "channel.follow" });
    await eventsub.do({ action: "message", text: "hello" });
    const [frame] = await client.take(1);
    expect(read(frame)).toMatchObject({
      metadata: { message_type: "notification", subscription_type: CHAT },
      payload: { event: { message: { text: "hello" } } },
    });
    expect(eventsub.truth().unheard).toBe(1);
  });

  it("ends a socket that says something, and one that subscribes to nothing", async ({
    expect,
    eventsub,
  }) => {
    await eventsub.do({ action: "knobs", unusedMs: 10 });
    const idle = new Client(eventsub.url);
    await expect(idle.closed).resolves.toMatchObject({ code: 4003 });
    await eventsub.do({ action: "knobs", unusedMs: 10_000 });
    const loud = new Client(eventsub.url);
    await loud.opened;
    loud.send("hello");
    await expect(loud.closed).resolves.toMatchObject({ code: 4001 });
  });

  it("refuses the same twice, a session that is not there, and a type that is to be refused", async ({
    expect,
    eventsub,
  }) => {
    const client = new Client(eventsub.url);
    const [welcome] = await client.take(1);
    const session = read(welcome).payload.session?.id ?? "";
    expect((await subscribe(eventsub, session, CHAT)).status).toBe(202);
    const again = await subscribe(eventsub, session, CHAT);
    expect([again.status, typeof again.body["id"]]).toEqual([409, "string"]);
    expect((await subscribe(eventsub, "gone", CHAT)).status).toBe(400);
    await eventsub.do({ action: "refuseType", type: "channel.follow", status: 403 });
    expect((await subscribe(eventsub, session, "channel.follow")).status).toBe(403);
  });

  it("hands a session over by an address, and the old socket hears no more of it", async ({
    expect,
    eventsub,
  }) => {
    const old = await followEventSub(eventsub);
    await eventsub.do({ action: "reconnect" });
    const [reconnect] = await old.take(1);
    const { id, reconnect_url: address = null } = read(reconnect).payload.session ?? {};
    const client = new Client(address ?? "");
    const [welcome] = await client.take(1);
    expect(read(welcome).payload.session?.id).toBe(id);
    await eventsub.do({ action: "message", text: "on the new one" });
    expect(read((await client.take(1))[0]).payload.event).toMatchObject({
      message: { text: "on the new one" },
    });
    const late = new Client(address ?? "");
    await expect(late.closed).resolves.toMatchObject({ code: 4007 });
  });

  it("takes a subscription back", async ({ expect, eventsub }) => {
    const client = await followEventSub(eventsub);
    await eventsub.do({ action: "revoke", type: CHAT, status: "user_removed" });
    expect(read((await client.take(1))[0])).toMatchObject({
      metadata: { message_type: "revocation" },
      payload: { subscription: { status: "user_removed" } },
    });
    expect(eventsub.truth().subscriptions).toEqual([]);
  });

  it("leaves what a socket that is gone had, where it is told to", async ({ expect, eventsub }) => {
    await eventsub.do({ action: "knobs", leavesOrphans: true });
    await followEventSub(eventsub);
    await eventsub.do({ action: "cut" });
    await eventsub.waitFor("sockets==0");
    expect(eventsub.truth().subscriptions).toMatchObject([{ type: CHAT, isOrphan: true }]);
  });
});
