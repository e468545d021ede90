import { describe, it } from "vitest";

import { messageIn } from "../../support/drafts.ts";
import { draftOf } from "../../support/drive.ts";
import chat from "../frames/chat.json";
import other from "../frames/other.json";
import { offAir, started } from "../samples.ts";

const read = (frame: object) => draftOf(started().receives(frame));
const userIn = (frame: object) => (read(frame).data as { user: object }).user;

describe("a message of the server", () => {
  it("a frame of a type we do not know is kept as provider.event", ({ expect }) => {
    const frame = other["a type nobody knows"];
    const draft = read(frame);
    expect(draft.raw).toEqual(frame);
    expect(draft.data).toEqual({ nativeType: "regatta", payload: frame });
  });

  it.for([
    { ...chat.twitch, text: undefined },
    { ...chat.twitch, text: 7 },
    { ...chat.twitch, account_id: "first" },
    { ...chat.twitch, account_id: -1 },
    { ...chat.twitch, from: "pikefan" },
    { ...chat.twitch, to: "pikefan" },
    { ...chat.twitch, to: { id: 7, name: { odd: 7 } } },
    { ...other.viewers, viewer_count: "many" },
    { ...other.viewers, viewer_count: -1 },
    { ...other.viewers, account_id: null },
  ])("what lacks something that makes it one is kept: %j", (frame, { expect }) => {
    const kept = JSON.parse(JSON.stringify(frame)) as { type: string };
    expect(read(frame)).toMatchObject({
      type: "provider.event",
      raw: kept,
      data: { nativeType: kept.type, payload: kept },
    });
  });

  it("what is beside the point and cannot be read is not there", ({ expect }) => {
    const odd = { odd: [7] };
    for (const change of [
      { network: odd },
      { markdown: odd },
      { timestamp: "noon" },
      { from: { ...chat.twitch.from, picture: odd } },
    ]) {
      const draft = read({ ...chat.twitch, ...change });
      expect(draft).toMatchObject({ type: "chat.message", platform: "twitch" });
      expect(messageIn(draft).text).toBe(chat.twitch.text);
    }
  });

  it("viewers are told by account, on a platform that is known or unknown", ({ expect }) => {
    const viewers = { ...other.viewers, account_id: "32", viewer_count: 0 };
    const told = { connectionId: "multistreamer:32", data: { count: 0, account: "32" } };
    expect(read(viewers)).toMatchObject({ ...told, platform: "youtube" });
    expect(read(viewers)).not.toHaveProperty("key");
    expect(draftOf(started(offAir).receives(viewers))).toMatchObject({
      ...told,
      platform: "unknown",
    });
  });
});

describe("a chat message", () => {
  it("has its words, its time and who said them", ({ expect }) => {
    const draft = read(chat.internal);
    expect(draft).toMatchObject({ time: 1_732_400_100_250, connectionId: "multistreamer:0" });
    expect(draft.data).toEqual({
      user: {
        key: "irc:5",
        id: "5",
        name: "heronwatch",
        roles: [],
        badges: [],
        anonymous: false,
      },
      message: {
        text: "sluice two is stuck again",
        fragments: [{ type: "text", text: "sluice two is stuck again" }],
        action: false,
        highlighted: false,
        first: false,
      },
    });
  });

  it("emote is /me, not a picture", ({ expect }) => {
    const said = messageIn(read(chat["twitch emote"]));
    expect(said).toMatchObject({ action: true, text: "throws bread" });
    expect(said.fragments.map(({ type }) => type)).toEqual(["text"]);
  });

  it("/me of Twitch may come between control characters", ({ expect }) => {
    const said = messageIn(read({ ...chat.twitch, text: "\u0001ACTION throws bread\u0001" }));
    expect(said).toMatchObject({ action: true, text: "throws bread" });
    expect(said.fragments.map(({ text }) => text)).toEqual(["throws bread"]);
  });

  it("an account is a number in a frame, and text as a key", ({ expect }) => {
    for (const account_id of [31, "31"]) {
      expect(read({ ...chat.twitch, account_id }).connectionId).toBe("multistreamer:31");
    }
  });

  it("from is somebody with a number, with a text, with a mere name, or missing", ({ expect }) => {
    const by = (from: object | null | undefined) => userIn({ ...chat.twitch, from });
    expect(by({ id: 5, name: "pike" })).toMatchObject({ key: "twitch:5", id: "5", name: "pike" });
    expect(by({ id: "5", name: "pike" })).toMatchObject({ key: "twitch:5", id: "5" });
    expect(by({ name: "pike" })).toMatchObject({
      key: "twitch:pike",
      id: "pike",
      anonymous: false,
    });
    expect(by({ id: 0 })).toMatchObject({ key: "twitch:0", id: "0", name: "0" });
    for (const from of [undefined, null, {}, { name: "" }]) {
      expect(by(from)).toMatchObject({
        key: "twitch:anonymous",
        id: "anonymous",
        name: "Anonymous",
        anonymous: true,
      });
    }
  });

  it("shows its author's picture, where there is one", ({ expect }) => {
    expect(userIn(chat.twitch)).toMatchObject({ avatar: "https://images.example/tw/pikefan.png" });
    expect(userIn(chat["twitch emote"])).not.toHaveProperty("avatar");
  });

  it("a private message has a to, and may have no stream_id", ({ expect }) => {
    expect(chat.private).not.toHaveProperty("stream_id");
    expect(messageIn(read(chat.private)).to).toEqual({ key: "irc:2", id: "2", name: "rivermill" });
    const whisper = { ...chat.twitch, to: { name: "rivermill" } };
    expect(messageIn(read(whisper)).to).toMatchObject({ name: "rivermill" });
    expect(messageIn(read(chat.internal))).not.toHaveProperty("to");
  });

  it("is on the account's platform where its network is not named", ({ expect }) => {
    const { network: _gone, ...frame } = chat.twitch;
    expect(read(frame).platform).toBe("twitch");
    expect(read({ ...frame, account_id: 99 }).platform).toBe("unknown");
    expect(read({ ...frame, network: "Canal Cast!" }).platform).toBe("unknown");
    expect(read({ ...frame, network: "Twitch" }).platform).toBe("twitch");
  });

  it("what a client sends leaks into what comes back", ({ expect }) => {
    const leaked = { ...chat.internal, cur_stream_account_id: "31", nonce: 7 };
    expect(read(leaked)).toMatchObject({ connectionId: "multistreamer:0", raw: leaked });
    expect(read(leaked).key).toBe(read(chat.internal).key);
  });
});

describe("a message's key", () => {
  it("timestamp is milliseconds, or missing", ({ expect }) => {
    expect(read(chat.twitch).time).toBe(1_732_400_102_250);
    for (const timestamp of [undefined, null, 0, -1, 1e300]) {
      expect(read({ ...chat.twitch, timestamp })).not.toHaveProperty("time");
    }
  });

  it("without a timestamp no two messages are taken for one", ({ expect }) => {
    for (const timestamp of [undefined, null, 0, 1e300]) {
      expect(read({ ...chat.twitch, timestamp })).not.toHaveProperty("key");
    }
    expect(read(chat.twitch).key).toBeDefined();
  });

  it("is the same on whichever stream's socket a private message comes", ({ expect }) => {
    expect(read({ ...chat.private, stream_id: 9 }).key).toBe(read(chat.private).key);
  });
});
