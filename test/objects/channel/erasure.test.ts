import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { EventDraft } from "../../../src/event/event.ts";
import type { ProviderId } from "../../../src/event/ids.ts";
import { listJournalErasures } from "../../../src/store/journal/erasures.ts";
import { call, chat, makeChannel, postNotes, textsOf, type ShownPage } from "../../support/api.ts";
import { numberOf, readHistory } from "../../support/history.ts";
import { evictChannel } from "../../support/hubs.ts";
import { drained, forgetJournal, OWNER, stored } from "../../support/objects.ts";
import { connect } from "../../support/sockets.ts";

const history = async (channel: string): Promise<ShownPage> =>
  (await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`)).body;

const post = (channel: string, ...events: object[]) =>
  call<{ ids: string[] }>("POST", `/channels/${channel}/events`, events);

const deletion = (...messageIds: string[]) => ({
  type: "chat.message.deleted",
  data: { messageIds },
});

describe("a deleted message", () => {
  it("is a tombstone at once: in history, for a resumed socket, by its id", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await post(channel, chat("m1", "a secret"), chat("m2", "stays"));
    await post(channel, deletion("m1"));
    const page = await history(channel);
    expect(textsOf(page.events).slice(0, 2)).toEqual(["", "stays"]);
    expect(page.events[0]?.data["message"]).toMatchObject({ deleted: true, fragments: [] });
    const socket = await connect(channel, "?rewind=3");
    expect(textsOf(await socket.events(3))).toEqual(["", "stays", undefined]);
    const single = await call("GET", `/channels/${channel}/events/${body.ids[0]}`);
    expect(JSON.stringify(single.body)).not.toContain("secret");
    socket.close();
  });

  it("leaves no text in the journal nor in history, wherever it was", async ({ expect }) => {
    const channel = await makeChannel();
    await post(channel, chat("m1", "an old secret"));
    await postNotes(channel, ["between"]);
    await drained(channel);
    await forgetJournal(channel);
    await post(channel, chat("m2", "a new secret"));
    await drained(channel);
    await post(channel, deletion("m1", "m2"), chat("m3", "stays"));
    // History still has the text, and nobody is shown it.
    expect(textsOf((await history(channel)).events)).toEqual([
      "",
      "between",
      "",
      undefined,
      "stays",
    ]);
    await drained(channel);
    expect(await stored(channel)).not.toContain("secret");
    expect(await stored(channel)).toContain("stays");
  });

  it("says the same as a tombstone of journal and of history", async ({ expect }) => {
    const channel = await makeChannel();
    const withPicture = chat("m1", "look");
    Object.assign(withPicture.data.message, {
      attachments: [{ type: "image", url: "https://pictures.example/1.png" }],
    });
    await post(channel, withPicture);
    await drained(channel);
    await post(channel, deletion("m1"));
    const recent = (await history(channel)).events[0];
    await drained(channel);
    const texts = (await readHistory(await numberOf(channel))).map(({ text }) => text);
    expect(texts).toContain(JSON.stringify(recent));
  });

  it("takes all lines of somebody who is banned or timed out, and nobody else's", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const user = chat("", "", "troll").data.user;
    await post(channel, chat("m1", "bait", "troll"), chat("m2", "kind", "friend"));
    await drained(channel);
    await post(channel, chat("m3", "more bait", "troll"), {
      type: "moderation.ban",
      data: { user },
    });
    await post(channel, chat("m4", "later", "troll"));
    expect(textsOf((await history(channel)).events)).toEqual(["", "kind", "", undefined, "later"]);
    await drained(channel);
    const kept = await stored(channel);
    expect([kept.includes("bait"), kept.includes("later")]).toEqual([false, true]);
  });

  it("takes everything when the chat is cleared", async ({ expect }) => {
    const channel = await makeChannel();
    await post(channel, chat("m1", "one"), chat("m2", "two"), {
      type: "channel.follow",
      data: { user: chat("", "").data.user },
    });
    await post(channel, { type: "chat.cleared", data: { scope: "all" } }, chat("m3", "three"));
    expect(textsOf((await history(channel)).events)).toEqual([
      "",
      "",
      undefined,
      undefined,
      "three",
    ]);
  });

  it("has no raw payload any more", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await post(channel, chat("m1", "gone"));
    await post(channel, deletion("m1"));
    const raw = await call("GET", `/channels/${channel}/events/${body.ids[0]}/raw`);
    expect([raw.status, raw.body["code"]]).toEqual([410, "event_erased"]);
  });
});

/** Takes in what a provider tells of, as if it came by its socket. */
async function relay(channel: string, provider: ProviderId, ...drafts: object[]): Promise<void> {
  const object = env.CHANNEL.getByName(channel);
  const answer = await object.post(OWNER, drafts as EventDraft[], 1_000, provider);
  if (!answer.ok) throw new Error(answer.detail);
}

const onTwitch = (event: object) => ({ ...event, platform: "twitch" });

describe("a platform's chat that came by another way", () => {
  it("is erased by a deletion that a program posts who may moderate", async ({ expect }) => {
    const channel = await makeChannel();
    await relay(channel, "restream", onTwitch({ ...chat("m1", "a secret"), raw: { t: "secret" } }));
    await relay(channel, "astro", { ...chat("m1", "no secret"), platform: "kick" });
    await post(channel, onTwitch(deletion("m1")));
    expect(textsOf((await history(channel)).events)).toEqual(["", "no secret", undefined]);
    await drained(channel);
    expect(await stored(channel)).not.toContain("a secret");
  });

  it("is erased by a provider's own word on its platform, and by no other platform's", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { user } = chat("", "", "troll").data;
    await relay(channel, "restream", onTwitch(chat("m1", "bait", "troll")));
    await relay(channel, "dlive", { type: "moderation.ban", platform: "dlive", data: { user } });
    expect(textsOf((await history(channel)).events)[0]).toBe("bait");
    await relay(channel, "astro", onTwitch({ type: "moderation.ban", data: { user } }));
    expect(textsOf((await history(channel)).events)[0]).toBe("");
    await drained(channel);
    expect(await stored(channel)).not.toContain("bait");
  });

  it("is not erased by whoever may only post events", async ({ expect }) => {
    const channel = await makeChannel();
    await post(channel, onTwitch(chat("m1", "stays")));
    const key = async (...scopes: string[]): Promise<string> =>
      (await call<{ key: string }>("POST", "/keys", { name: "bot", scopes })).body.key;
    const order = onTwitch(deletion("m1"));
    const path = `/channels/${channel}/events`;
    const poster = await call("POST", path, order, { key: await key("events:write") });
    expect([poster.status, poster.body["code"]]).toEqual([403, "forbidden"]);
    expect(textsOf((await history(channel)).events)).toEqual(["stays"]);
    const moderator = await key("events:write", "chat:write");
    expect((await call("POST", path, order, { key: moderator })).status).toBe(201);
    expect(textsOf((await history(channel)).events)[0]).toBe("");
  });
});

describe("what a banned person wrote elsewhere", () => {
  it("is gone from redemptions, subscriptions and unknown events, here and in history", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { user } = chat("", "", "troll-77").data;
    const reward = { title: "Hydrate" };
    const told = [
      { type: "channel.redemption", data: { user, reward, input: "bait one" } },
      {
        type: "channel.subscription",
        data: { user, subscription: { kind: "renewal", message: "bait two" } },
        raw: { resub: { text: "bait three" } },
      },
      {
        type: "provider.event",
        data: { nativeType: "x", payload: { sender: { id: "troll-77" }, text: "bait four" } },
      },
      { type: "custom.question", data: { from: "troll-77", text: "bait five" } },
    ].map(onTwitch);
    await relay(channel, "astro", ...told);
    await drained(channel);
    await forgetJournal(channel);
    await relay(channel, "astro", ...told);
    expect(await stored(channel)).toContain("bait one");
    await post(channel, onTwitch({ type: "moderation.ban", data: { user } }));
    const page = JSON.stringify((await history(channel)).events);
    expect(page).not.toContain("bait");
    expect(page).toContain("Hydrate");
    await drained(channel);
    expect(await stored(channel)).not.toContain("bait");
  });
});

describe("a journal that is too long for one go", () => {
  it("is looked through in ranges, goes on where it was, and shows nothing meanwhile", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const words = "a secret ".repeat(400);
    for (let round = 0; round < 20; round++) {
      const said = Array.from({ length: 50 }, (_, index) => chat(`m${round}-${index}`, words));
      await post(channel, ...said);
    }
    const { erasing } = await runInDurableObject(
      env.CHANNEL.getByName(channel),
      async (object, { storage }) => {
        // Its object vanishes between the first range, which is written with the order, and the next.
        const { runtime } = object as unknown as { runtime: { feed: { stop(): void } } };
        runtime.feed.stop();
        const order = { type: "chat.cleared", platform: "api", data: { scope: "all" } };
        await object.post(OWNER, [order as EventDraft], 100);
        return { erasing: listJournalErasures(storage.sql) };
      },
    );
    expect(erasing).toHaveLength(1);
    expect(erasing[0]?.journal).toBeGreaterThan(0);
    expect(await stored(channel)).toContain("a secret");
    expect(JSON.stringify(await history(channel))).not.toContain("a secret");
    await evictChannel(channel);
    expect(JSON.stringify(await history(channel))).not.toContain("a secret");
    await drained(channel);
    expect(await stored(channel)).not.toContain("a secret");
  });
});
