import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/restream/index.ts";
import { draftOf, draftsOf, greeted, only } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import outcomes from "../frames/outcomes.json";
import { changed, samples, TWITCH } from "../samples.ts";

const start = () => greeted(provider.open(linkTo(samples)), []);
const read = (frame: object) => draftOf(start().receives(frame));

const YOUTUBE = outcomes.reply_failed.payload.connectionIdentifier;
const DLIVE = outcomes.relay_accepted.payload.connectionIdentifier;

describe("a reply's or a relay's outcome", () => {
  it.for([
    ["reply_created", "send.accepted", "restream", "r-71", [TWITCH, YOUTUBE]],
    ["reply_accepted", "send.accepted", "twitch", "r-71", [TWITCH]],
    ["reply_confirmed", "send.confirmed", "twitch", "r-71", [TWITCH]],
    ["reply_failed", "send.failed", "youtube", "r-71", [YOUTUBE]],
    ["relay_accepted", "send.accepted", "dlive", "river-4", [DLIVE]],
    ["relay_confirmed", "send.confirmed", "dlive", "river-4", [DLIVE]],
    ["relay_failed", "send.failed", "youtube", "river-4", [YOUTUBE]],
  ] as const)("%s: %s", ([action, type, platform, sendId, identifiers], { expect }) => {
    const draft = read(outcomes[action]);
    expect([draft.type, draft.platform]).toEqual([type, platform]);
    const targets = identifiers.map((each) => `restream:${each}`);
    const kind = action.startsWith("relay") ? "relay" : "chat";
    expect(draft.data).toMatchObject({ sendId, kind, targets });
    expect(draft.connectionId).toBe(targets.length === 1 ? targets[0] : undefined);
    expect(draft.time).toBe(outcomes[action].timestamp * 1000);
  });

  it("says why it failed, and that we cannot try again", ({ expect }) => {
    const failed = { reason: "connection_in_error_state", retryable: false };
    expect(read(outcomes.reply_failed).data).toMatchObject(failed);
    expect(read(outcomes.reply_accepted).data).not.toHaveProperty("reason");
    expect(read(outcomes.reply_accepted).data).not.toHaveProperty("retryable");
  });

  it("carries the words of a reply where they are told", ({ expect }) => {
    expect(read(outcomes.reply_created).data).toMatchObject({ text: "thank you all" });
    expect(read(outcomes.reply_accepted).data).not.toHaveProperty("text");
  });

  it("reply_confirmed may come before reply_accepted, or never", ({ expect }) => {
    const session = start();
    const told = [outcomes.reply_confirmed, outcomes.reply_accepted].map((frame) =>
      draftOf(session.receives(frame)),
    );
    expect(told.map(({ type }) => type)).toEqual(["send.confirmed", "send.accepted"]);
    expect(told[0]?.key).not.toBe(told[1]?.key);
    expect(draftsOf(start().receives(outcomes.reply_accepted))).toHaveLength(1);
  });

  it("clientReplyUuid is missing when the reply was written on the official page", ({ expect }) => {
    const { clientReplyUuid: _gone, ...payload } = outcomes.reply_created.payload;
    const draft = read({ ...outcomes.reply_created, payload });
    expect(draft.data).toEqual(read(outcomes.reply_created).data);
    expect(draft.key).toBe(read(outcomes.reply_created).key);
  });

  it("of a relay is told again where the event's identifier comes again", ({ expect }) => {
    const later = { ...outcomes.relay_accepted, timestamp: 1_732_409_999 };
    expect(read(later).key).not.toBe(read(outcomes.relay_accepted).key);
    const reply = { ...outcomes.reply_accepted, timestamp: 1_732_409_999 };
    expect(read(reply).key).toBe(read(outcomes.reply_accepted).key);
  });

  it("is one whatever its reason is", ({ expect }) => {
    for (const reason of [7, "", null]) {
      const draft = read(changed(outcomes.reply_failed, { reason }));
      expect(draft.type).toBe("send.failed");
      expect(draft.data).not.toHaveProperty("reason");
    }
  });

  it("of nothing to be named is rejected", ({ expect }) => {
    const nameless = [
      changed(outcomes.reply_accepted, { replyUuid: null }),
      changed(outcomes.relay_accepted, { sourceEventIdentifier: null, replyUuid: "r-71" }),
      changed(outcomes.reply_accepted, { replyUuid: "" }),
      changed(outcomes.reply_accepted, { replyUuid: { odd: 7 } }),
      { action: "reply_created" },
    ];
    for (const frame of nameless) {
      const effects = start().receives(frame);
      expect(draftsOf(effects)).toEqual([]);
      const problem = `unreadable ${(frame as { action: string }).action}`;
      expect(only(effects, "frame-reject")).toEqual([{ type: "frame-reject", problem }]);
    }
  });

  it("of no connection in particular has no target", ({ expect }) => {
    const payload = { replyUuid: "r-72", text: "to nobody" };
    const draft = read({ action: "reply_created", payload, timestamp: 1 });
    expect(draft).toMatchObject({ platform: "restream", data: { targets: [] } });
  });
});
