import { describe, it } from "vitest";

import type { User } from "../../../../src/event/shapes.ts";
import { toUser } from "../../../../src/protocols/restream/codec/author.ts";
import { provider } from "../../../../src/protocols/restream/index.ts";
import type { Author } from "../../../../src/protocols/restream/wire/frames.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import events from "../frames/events.json";
import { samples } from "../samples.ts";

function userIn(frame: object): User {
  const draft = draftOf(greeted(provider.open(linkTo(samples)), []).receives(frame));
  return (draft.data as { user: User }).user;
}

describe("an author", () => {
  it.for([
    ["1", { key: "discord:88001", id: "88001", login: "heron", name: "Heron of the mill" }],
    ["2", { key: "dlive:pikefan", id: "pikefan", login: "pikefan", name: "PikeFan" }],
    ["4", { key: "twitch:70771", id: "70771", login: "pikefan", name: "PikeFan" }],
    ["5", { key: "youtube:UCreedling", id: "UCreedling", name: "Reed Ling" }],
    ["11", { key: "facebook:9912", id: "9912", name: "Heron Watch" }],
    ["13", { key: "facebook:anonymous", id: "anonymous", name: "Anonymous", anonymous: true }],
    ["21", { key: "linkedin:Heron Watch", id: "Heron Watch", name: "Heron Watch" }],
    ["22", { key: "trovo:reedling", id: "reedling", name: "reedling" }],
    ["24", { key: "x:Reed Ling", id: "Reed Ling", name: "Reed Ling" }],
    ["25", { key: "kick:reedling", id: "reedling", login: "reedling", name: "reedling" }],
    ["32", { key: "rumble:Reed Ling", id: "Reed Ling", name: "Reed Ling" }],
  ] as const)("of event type %s is %j", ([type, user], { expect }) => {
    expect(userIn(events[type])).toMatchObject({ anonymous: false, ...user });
  });

  it("has a login only where it is another name than the one shown", ({ expect }) => {
    for (const type of ["5", "11", "21", "22", "24"] as const) {
      expect(userIn(events[type])).not.toHaveProperty("login");
    }
  });

  it.for([
    ["1", { color: "#3BA55D" }],
    ["4", { color: "#1E90FF" }],
    ["5", { avatar: "https://images.example/yt/reedling.png" }],
    ["11", { avatar: "https://images.example/fb/heron.png" }],
    ["21", { avatar: "https://images.example/li/9.png" }],
  ] as const)("of event type %s looks like %j", ([type, looks], { expect }) => {
    expect(userIn(events[type])).toMatchObject(looks);
  });

  it.for([
    ["1", []],
    ["2", ["moderator", "subscriber"]],
    ["4", ["moderator", "subscriber"]],
    ["5", ["subscriber", "verified"]],
    ["11", []],
  ] as const)("of event type %s has the roles %j", ([type, roles], { expect }) => {
    expect(userIn(events[type]).roles).toEqual(roles);
  });

  it.for([
    [{ isChatOwner: true }, "broadcaster"],
    [{ roomRole: "Owner" }, "broadcaster"],
    [{ badges: [{ title: "Broadcaster" }] }, "broadcaster"],
    [{ isChatModerator: true }, "moderator"],
    [{ roomRole: "Moderator" }, "moderator"],
    [{ badges: [{ title: "VIP" }] }, "vip"],
    [{ isChatSponsor: true }, "subscriber"],
    [{ subscribedFor: 1 }, "subscriber"],
    [{ role: "Staff" }, "staff"],
    [{ isVerified: true }, "verified"],
    [{ badges: ["verified"] }, "verified"],
    [{ role: "Bot" }, "bot"],
  ] as const)("%j is a %s", ([author, role], { expect }) => {
    expect(toUser("twitch", author as Parameters<typeof toUser>[1], false).roles).toEqual([role]);
  });

  it("is a bot where the event says so, and has no role for nothing", ({ expect }) => {
    expect(toUser("twitch", null, true).roles).toEqual(["bot"]);
    expect(toUser("twitch", { subscribedFor: 0, roomRole: "Member" }, false).roles).toEqual([]);
  });

  it("has its badges by title and picture, and none that is no badge", ({ expect }) => {
    const badges = [
      { title: "Sub Gifter", imageUrl: "https://images.example/b.png", clickUrl: null },
      { title: "Plain" },
      "founder",
      { name: "untitled" },
      null,
      7,
    ];
    expect(toUser("twitch", { badges }, false).badges).toEqual([
      { set: "sub-gifter", title: "Sub Gifter", image: "https://images.example/b.png" },
      { set: "plain", title: "Plain" },
      { set: "founder" },
    ]);
  });

  it("is known by the name that stays, and shown by the one chosen last", ({ expect }) => {
    const known = (author: Author) => toUser("kick", author, false);
    const all = { id: "i", username: "u", name: "n", displayName: "d", nickname: "nick" };
    expect(known(all).id).toBe("i");
    expect(known({ ...all, id: null }).id).toBe("u");
    expect(known({ ...all, id: null, username: "" }).id).toBe("n");
    expect(known({ displayName: "d", nickname: "nick" }).id).toBe("d");
    expect(known(all).name).toBe("nick");
    expect(known({ ...all, nickname: null }).name).toBe("d");
    expect(known({ id: "i", name: "n", username: "u" }).name).toBe("n");
    expect(known({ id: "i", username: "u" }).name).toBe("u");
    expect(known({ id: "i" }).name).toBe("i");
  });

  it("whose id is a number is known by it as text", ({ expect }) => {
    expect(toUser("x", { id: 0, name: "" }, false)).toMatchObject({ id: "0", name: "0" });
  });
});
