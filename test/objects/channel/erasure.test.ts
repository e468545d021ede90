import { describe, it } from "vitest";

import { call, chat, makeChannel, postNotes, textsOf, type ShownPage } from "../../support/api.ts";
import { numberOf, readHistory } from "../../support/history.ts";
import { drained, forgetJournal, stored } from "../../support/objects.ts";
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
