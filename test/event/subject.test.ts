import { describe, it } from "vitest";

import { makeSubject } from "../../src/event/subject.ts";
import { samples } from "../support/samples.ts";

describe("the subject of an event", () => {
  it.for([
    ["chat.message", "message/m-1"],
    ["chat.message.deleted", "message/m-1"],
    ["chat.message.held", "message/m-1"],
    ["chat.message.reviewed", "message/m-1"],
    ["channel.cheer", "message/m-1"],
    ["channel.tip", "message/m-1"],
    ["channel.tip.moderated", "tip/t-1"],
    ["send.failed", "send/s-1"],
    ["connection.updated", "connection/restream:5000001-twitch-900000001"],
    ["connection.gap", "connection/restream:5000001-twitch-900000001"],
    ["webhook.failing", "webhook/wh_1"],
    ["channel.follow", "user/twitch:900000001"],
    ["moderation.ban", "user/twitch:900000001"],
    ["stream.online", undefined],
    ["provider.event", undefined],
  ] as const)("of %s is what its data names: %s", ([type, subject], { expect }) => {
    expect(makeSubject(samples[type])).toBe(subject);
  });

  it("is the tip where the tip has no message, and the giver where it has no id", ({ expect }) => {
    const { message: _message, ...tip } = samples["channel.tip"].data;
    const { tipId: _tipId, ...anonymous } = tip;
    expect(makeSubject({ data: tip })).toBe("tip/t-1");
    expect(makeSubject({ data: anonymous })).toBe("user/twitch:900000001");
  });

  it("is never made of what is no name", ({ expect }) => {
    const nameless = [
      {},
      { message: null },
      { message: { id: "" } },
      { message: { id: 7 } },
      { messageIds: [] },
      { messageIds: "m-1" },
      { sendId: null, tipId: 4, identifier: "" },
      { user: "ada" },
      { user: { key: "" } },
    ];
    expect(nameless.map((data) => makeSubject({ data }))).toEqual(nameless.map(() => undefined));
  });
});
