import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { call, chat, makeChannel, postNotes, type ShownEvent } from "../support/api.ts";
import { delivered, Hook } from "../support/hooks.ts";
import { OWNER } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

async function say(channel: string, draft: object): Promise<string> {
  const [at = ""] = await postNotes(channel, ["before"]);
  const words = { platform: "dlive", raw: { said: "the provider's words" } };
  await env.CHANNEL.getByName(channel).post(OWNER, [{ ...draft, ...words } as never], 500);
  return at.replace(/\d+$/, (seq) => String(Number(seq) + 1));
}

const pathOf = (channel: string, id: string) => `/channels/${channel}/events/${id}`;

describe("DELETE …/events/{id}", () => {
  it("leaves a tombstone, without the provider's words", async ({ expect }) => {
    const channel = await makeChannel();
    const id = await say(channel, chat("m1", "the secret"));
    expect((await call("DELETE", pathOf(channel, id))).status).toBe(204);
    const { body } = await call<ShownEvent>("GET", pathOf(channel, id));
    expect(body.data["message"]).toMatchObject({ id: "m1", text: "", deleted: true });
    expect(body.data["user"]).toMatchObject({ id: "u1" });
    const raw = await call("GET", `${pathOf(channel, id)}/raw`);
    expect([raw.status, raw.body["code"]]).toEqual([410, "event_erased"]);
  });

  it("is told of by the relay, once, however often it is asked for", async ({ expect }) => {
    const channel = await makeChannel();
    const id = await say(channel, chat("m1", "the secret"));
    const socket = await connect(channel, "?types=chat.message.deleted");
    const answers = await Promise.all([1, 2, 3].map(() => call("DELETE", pathOf(channel, id))));
    answers.push(await call("DELETE", pathOf(channel, id)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    const [told] = await socket.events(1);
    expect(told).toMatchObject({
      provider: "relay",
      platform: "dlive",
      data: { messageIds: ["m1"], eventIds: [id] },
    });
    const { body } = await call<{ events: ShownEvent[] }>(
      "GET",
      `/channels/${channel}/events?types=chat.message.deleted`,
    );
    expect(body.events).toHaveLength(1);
  });

  it("takes it from what a webhook is still to be sent", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id: webhook } = await hook.attach(channel, { types: ["custom.*"] });
    await hook.reply({ status: 503 });
    const [id = ""] = await postNotes(channel, ["the secret"]);
    const [waiting] = await delivered(channel, webhook, ([last]) => last?.status === "pending");
    const seen = (await hook.until(0)).length;
    expect((await call("DELETE", pathOf(channel, id))).status).toBe(204);
    // The channel hands its deletions over like anything else: the next event comes after them.
    await postNotes(channel, ["after"]);
    await hook.until(seen + 1);
    const path = `/channels/${channel}/webhooks/${webhook}/deliveries/${waiting?.id}/retry`;
    await call("POST", path);
    const later = JSON.stringify((await hook.until(seen + 2)).slice(seen));
    expect(later).toContain(id);
    expect(later).not.toContain("secret");
  });

  it("needs channels:manage, and nothing else", async ({ expect }) => {
    const channel = await makeChannel();
    const [id = ""] = await postNotes(channel, ["the secret"]);
    const keyOf = async (...scopes: string[]): Promise<string> => {
      const asked = { name: "k", scopes, channels: [channel] };
      return (await call<{ key: string }>("POST", "/keys", asked)).body.key;
    };
    const weak = await keyOf("events:write", "chat:write", "events:read");
    const refused = await call("DELETE", pathOf(channel, id), undefined, { key: weak });
    expect([refused.status, refused.body["code"]]).toEqual([403, "forbidden"]);
    const key = await keyOf("channels:manage");
    expect((await call("DELETE", pathOf(channel, id), undefined, { key })).status).toBe(204);
    const { body } = await call<ShownEvent>("GET", pathOf(channel, id));
    expect(body.data).toEqual({});
  });

  it("does not find what is not there", async ({ expect }) => {
    const channel = await makeChannel();
    const [id = ""] = await postNotes(channel, ["a"]);
    for (const other of [id.replace(/\d+$/, "99"), "zzzzzzzzzz-1"]) {
      const { status, body } = await call("DELETE", pathOf(channel, other));
      expect([status, body["code"]]).toEqual([404, "event_not_found"]);
    }
  });
});
