import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/astro/index.ts";
import { messageIn } from "../../support/drafts.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import { changed, messageOn, samples } from "../samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame));
const userIn = (frame: object) => (read(frame).data as { user: object }).user;

/** The message of a platform with a part of it changed. */
const youTube = (snippet: object) =>
  changed(chat.youtube, { snippet: { ...chat.youtube.data.snippet, ...snippet } });
const trovo = (data: object, more: object = {}) =>
  changed(chat.trovo, { data: { ...chat.trovo.data.data, ...data }, ...more });
const twitch = (message: object) => changed(chat.twitch, { message });

describe("a chat message", () => {
  it("chat comes in the words of its platform, which is known by its shape", ({ expect }) => {
    for (const platform of ["twitch", "youtube", "kick", "trovo"] as const) {
      const draft = read(chat[platform]);
      const { id } = messageIn(draft);
      expect([draft.platform, draft.key]).toEqual([platform, `chat/${platform}/${id}`]);
    }
    for (const data of [{}, { text: "hello" }, { message: { text: "hello" } }]) {
      const { platform, type } = read(messageOn("channel.chat.message", data));
      expect([platform, type]).toEqual(["streamelements", "provider.event"]);
    }
  });

  it("has its platform's time, or else its frame's", ({ expect }) => {
    expect(read(chat.youtube).time).toBe(Date.parse("2025-11-20T12:20:00.563Z"));
    expect(read(chat.kick).time).toBe(Date.parse("2025-11-20T12:21:00Z"));
    expect(read(chat.trovo).time).toBe(Date.parse("2025-11-20T12:22:00.672Z"));
    expect(read(chat.twitch).time).toBe(Date.parse(chat.twitch.ts));
  });

  it("is known by its frame where it has no id of its own", ({ expect }) => {
    const draft = read(changed(chat.twitch, { message_id: null }));
    expect(draft.key).toBe(`channel.chat.message/${chat.twitch.id}`);
    expect(messageIn(draft)).not.toHaveProperty("id");
  });

  it.for([
    ["twitch", { message: { fragments: [] } }],
    ["twitch", { chatter_user_id: "" }],
    ["youtube", { authorDetails: {} }],
    ["kick", { content: null }],
    ["kick", { sender: { username: "Kingfisher" } }],
    ["trovo", { data: { text: "hello" } }],
  ] as const)("without words or a writer is kept as it is: %s %j", ([name, change], { expect }) => {
    expect(read(changed(chat[name], change)).type).toBe("provider.event");
  });
});

describe("on Twitch", () => {
  it("is what EventSub says", ({ expect }) => {
    expect(userIn(chat.twitch)).toEqual({
      key: "twitch:7001",
      id: "7001",
      login: "reedling",
      name: "Reedling",
      color: "#2E8B57",
      roles: ["moderator", "subscriber"],
      badges: [
        { set: "moderator", id: "1" },
        { set: "founder", id: "0", info: "14" },
      ],
      anonymous: false,
    });
    expect(messageIn(read(chat.twitch))).toEqual({
      id: chat.twitch.data.message_id,
      text: chat.twitch.data.message.text,
      fragments: [
        { type: "mention", text: "@Pikefan" },
        { type: "text", text: " see " },
        { type: "link", text: "https://river.example", url: "https://river.example" },
        { type: "text", text: " " },
        {
          type: "emote",
          text: "Kappa",
          id: "25",
          image: "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0",
        },
        { type: "text", text: " " },
        { type: "cheermote", text: "cheer100" },
      ],
      action: false,
      highlighted: true,
      first: false,
      replyTo: "c1a70000-0000-4000-8000-000000000000",
    });
  });

  it("may be somebody's first, and of the broadcaster", ({ expect }) => {
    const change = { message_type: "user_intro", reply: null, chatter_user_id: "7000", badges: 7 };
    const frame = changed(chat.twitch, change);
    expect(messageIn(read(frame))).toMatchObject({ first: true, highlighted: false });
    expect(messageIn(read(frame))).not.toHaveProperty("replyTo");
    expect(userIn(frame)).toMatchObject({ roles: ["broadcaster"], badges: [] });
  });

  it("is its text where the fragments are not", ({ expect }) => {
    const fragmentsOf = (fragments: unknown) =>
      messageIn(read(twitch({ text: "quack quack", fragments }))).fragments;
    const plain = [{ type: "text", text: "quack quack" }];
    expect(fragmentsOf(null)).toEqual(plain);
    expect(fragmentsOf([{ type: "emote", text: "quack" }])).toEqual(plain);
    expect(fragmentsOf([7, { type: "emote", text: "quack quack", emote: { id: 7 } }])).toEqual([
      { type: "emote", text: "quack quack" },
    ]);
  });

  it("/me comes between control characters, in the text and maybe in the fragments", ({
    expect,
  }) => {
    const kappa = { type: "emote", text: "Kappa", emote: { id: "25" } };
    const text = "\u0001ACTION waves Kappa\u0001";
    for (const fragments of [
      [{ type: "text", text: "waves " }, kappa],
      [{ type: "text", text: "\u0001ACTION waves " }, kappa, { type: "text", text: "\u0001" }],
    ]) {
      const said = messageIn(read(twitch({ text, fragments })));
      expect(said).toMatchObject({ action: true, text: "waves Kappa" });
      expect(said.fragments).toMatchObject([
        { type: "text", text: "waves " },
        { type: "emote", text: "Kappa", id: "25" },
      ]);
    }
    const bare = messageIn(read(twitch({ text: "\u0001ACTION waves\u0001", fragments: null })));
    expect(bare).toMatchObject({ action: true, text: "waves" });
  });

  it("a fragment that cuts a character in two is none", ({ expect }) => {
    const fragments = [
      { type: "emote", text: "\ud83d", emote: { id: "1" } },
      { type: "text", text: "\ude02 hi" },
    ];
    expect(messageIn(read(twitch({ text: "😂 hi", fragments }))).fragments).toEqual([
      { type: "text", text: "😂 hi" },
    ]);
  });

  it("a shared chat's message names the channel where it was written", ({ expect }) => {
    const shared = {
      broadcaster_user_id: "7000",
      source_broadcaster_user_id: "7100",
      source_broadcaster_user_login: "heron",
      source_broadcaster_user_name: "Heron",
      source_message_id: "0c0c9a5e-6f4f-4bb6-a9a4-2d2f0a6a1f10",
    };
    const draft = read(changed(chat.twitch, shared));
    const source = { key: "twitch:7100", id: "7100", login: "heron", name: "Heron" };
    expect(draft.data).toMatchObject({ source });
    // Both channels of a shared chat are told of it, each with an id of its own.
    expect(draft.key).toBe(`chat/twitch/${shared.source_message_id}`);
    expect(messageIn(draft).id).toBe(chat.twitch.data.message_id);
    const onlyId = { source_broadcaster_user_id: "7100" };
    expect(read(changed(chat.twitch, onlyId)).data).toMatchObject({
      source: { key: "twitch:7100", id: "7100" },
    });
  });

  it.for([{ source_broadcaster_user_id: "" }, { source_broadcaster_user_id: null }, {}])(
    "a message of the channel itself names no other: %j",
    (more, { expect }) => {
      expect(read(changed(chat.twitch, more)).data).not.toHaveProperty("source");
      const own = { broadcaster_user_id: "7000", source_broadcaster_user_id: "7000" };
      expect(read(changed(chat.twitch, own)).data).not.toHaveProperty("source");
    },
  );

  it("has emotes with an address whatever their ids are", ({ expect }) => {
    const emote = { type: "emote", text: "x", emote: { id: "a/b \ud83d" } };
    const [fragment] = messageIn(read(twitch({ text: "x", fragments: [emote] }))).fragments;
    expect(fragment?.image).toContain("/v2/a%2Fb%20%EF%BF%BD/default");
  });
});

describe("on YouTube", () => {
  it("is a live chat message, with names between colons for emojis", ({ expect }) => {
    expect(userIn(chat.youtube)).toEqual({
      key: "youtube:UCriverriverriverriverri",
      id: "UCriverriverriverriverri",
      name: "Wagtail",
      avatar: "https://images.example/avatar/wagtail.png",
      url: "http://www.youtube.com/channel/UCriverriverriverriverri",
      roles: ["subscriber", "verified"],
      badges: [],
      anonymous: false,
    });
    expect(messageIn(read(chat.youtube)).fragments).toEqual([
      { type: "text", text: "hello " },
      { type: "emote", text: ":duck-yellow:" },
      { type: "text", text: " at 10:30:45" },
    ]);
  });

  it("is of the owner or a moderator where it says so", ({ expect }) => {
    const owner = { ...chat.youtube.data.authorDetails, isChatOwner: true, isChatModerator: true };
    const { roles } = userIn(changed(chat.youtube, { authorDetails: owner })) as {
      roles: string[];
    };
    expect(roles).toEqual(["broadcaster", "moderator", "subscriber", "verified"]);
  });

  it("is what is displayed where there is no text of its own", ({ expect }) => {
    expect(messageIn(read(youTube({ textMessageDetails: null }))).text).toContain(":duck-yellow:");
    const bare = youTube({ textMessageDetails: null, displayMessage: null });
    expect(read(bare).data).toMatchObject({
      nativeType: "channel.chat.message.textMessageEvent",
    });
  });
});

describe("on Kick", () => {
  it("is what the webhook says, with emotes in brackets", ({ expect }) => {
    expect(userIn(chat.kick)).toEqual({
      key: "kick:88001",
      id: "88001",
      login: "kingfisher",
      name: "Kingfisher",
      avatar: "https://images.example/avatar/kingfisher.png",
      url: "https://kick.com/kingfisher",
      color: "#0077BE",
      roles: ["moderator", "subscriber"],
      badges: [
        { set: "moderator", title: "Moderator" },
        { set: "subscriber", title: "Subscriber", info: "3" },
      ],
      anonymous: false,
    });
    const image = "https://files.kick.com/emotes/4148074/fullsize";
    expect(messageIn(read(chat.kick))).toMatchObject({
      fragments: [
        { type: "text", text: "dive " },
        { type: "emote", text: "[emote:4148074:HYPERCLAP]", id: "4148074", image },
        { type: "text", text: "!" },
      ],
      replyTo: "d2b80000-0000-4000-8000-000000000001",
    });
  });

  it("has its emotes in Twitch's words as well", ({ expect }) => {
    const text = "dive [emote:4148074:HYPERCLAP]";
    const frame = changed(chat.twitch, { provider: "kick", message: { text, fragments: null } });
    const draft = read(frame);
    expect(draft.platform).toBe("kick");
    expect(messageIn(draft).fragments[1]).toMatchObject({ type: "emote", id: "4148074" });
  });

  it("is of the broadcaster where both are one", ({ expect }) => {
    const { broadcaster } = chat.kick.data;
    const frame = changed(chat.kick, { sender: broadcaster, replies_to: null });
    expect(userIn(frame)).toMatchObject({ roles: ["broadcaster", "verified"], badges: [] });
    expect(messageIn(read(frame))).not.toHaveProperty("replyTo");
    const none = { ...broadcaster, user_id: 0, is_verified: false };
    const unknown = changed(chat.kick, { sender: none, broadcaster: none });
    expect(userIn(unknown)).toMatchObject({ key: "kick:anonymous", roles: [], anonymous: true });
    const nobody = { ...chat.kick.data.sender, channel_slug: "", identity: { badges: [7, {}] } };
    expect(userIn(changed(chat.kick, { sender: nobody }))).not.toHaveProperty("url");
  });
});

describe("on Trovo", () => {
  it("is text with emotes by their names", ({ expect }) => {
    expect(userIn(chat.trovo)).toEqual({
      key: "trovo:55001",
      id: "55001",
      login: "grebe",
      name: "Grebe",
      avatar: "https://images.example/avatar/grebe.png",
      roles: ["moderator", "follower"],
      badges: [{ set: "mod" }, { set: "follower" }],
      anonymous: false,
    });
    expect(messageIn(read(chat.trovo)).fragments).toEqual([
      { type: "text", text: "look " },
      { type: "emote", text: ":splash!", id: "splash!" },
      { type: "text", text: " and :nothing" },
    ]);
  });

  it("is of the streamer where the channel is theirs", ({ expect }) => {
    const frame = trovo({ sender_id: 55000, roles: [7, "", "Guest"], emotes: [{}, 7] });
    expect(userIn(frame)).toMatchObject({ roles: ["broadcaster"], badges: [{ set: "Guest" }] });
    expect(messageIn(read(frame)).fragments).toHaveLength(1);
  });

  it("is only what somebody wrote", ({ expect }) => {
    for (const type of [0, 6, 7, 8, 9, null, "0"]) {
      expect(read(trovo({}, { type })).type).toBe("chat.message");
    }
    const data = { nativeType: "channel.chat.message.5004" };
    expect(read(trovo({}, { type: 5004 })).data).toMatchObject(data);
  });
});
