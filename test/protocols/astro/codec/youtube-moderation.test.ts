import { describe, it } from "vitest";

import { decide } from "../../../../src/channel/channel.ts";
import type { EventDraft } from "../../../../src/event/event.ts";
import { makeMessage } from "../../../../src/event/message.ts";
import { fromEvent } from "../../../../src/protocols/astro/codec/from-event.ts";
import { provider } from "../../../../src/protocols/astro/index.ts";
import { channelState, eventsOf, told } from "../../../channel/support/log.ts";
import { ada, EPOCH, numbered } from "../../../support/samples.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import moderation from "../frames/moderation.json";
import { changed, samples } from "../samples.ts";

interface Served {
  readonly data: {
    readonly id: string;
    readonly snippet: { readonly messageDeletedDetails?: { readonly deletedMessageId: string } };
  };
}

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame));

const banned = moderation["userBannedEvent"];
const bannedFor = (details: object) =>
  read(
    changed(banned, {
      snippet: {
        ...banned.data.snippet,
        userBannedDetails: { ...banned.data.snippet.userBannedDetails, ...details },
      },
    }),
  );

describe("moderation on YouTube", () => {
  it("YouTube tells of deletions and bans by chat messages that nobody wrote", ({ expect }) => {
    for (const [name, id] of [
      ["messageDeletedEvent", "LCC.wagtail-1"],
      ["messageRetractedEvent", "LCC.wagtail-8"],
      ["tombstone", "LCC.wagtail-9"],
    ] as const) {
      expect(read(moderation[name])).toMatchObject({
        type: "chat.message.deleted",
        platform: "youtube",
        key: `deleted/youtube/${id}`,
        data: { messageIds: [id] },
      });
    }
    const user = {
      key: "youtube:UCotterotterotterotterot",
      id: "UCotterotterotterotterot",
      name: "Stoat",
    };
    const ban = read(banned);
    expect(ban).toMatchObject({
      type: "moderation.ban",
      platform: "youtube",
      key: "ban/youtube/LCC.wagtail-5",
      data: { user },
    });
    // Whose message it is said to be means nothing.
    expect(JSON.stringify(ban.data)).not.toContain("Wagtail");
    expect(read(moderation["userBannedEvent for a day"])).toMatchObject({
      type: "moderation.timeout",
      data: { user, seconds: 86_400 },
    });
  });

  it("is a timeout where it ends, whatever it is called", ({ expect }) => {
    expect(bannedFor({ banType: "temporary" })).toMatchObject({ type: "moderation.timeout" });
    expect(bannedFor({ banType: "temporary", banDurationSeconds: "soon" }).data).not.toHaveProperty(
      "seconds",
    );
    expect(bannedFor({ banType: null, banDurationSeconds: 300 })).toMatchObject({
      type: "moderation.timeout",
      data: { seconds: 300 },
    });
    expect(bannedFor({ banType: null }).type).toBe("moderation.ban");
  });

  it("that names nobody and nothing is kept as it is", ({ expect }) => {
    expect(bannedFor({ bannedUserDetails: null }).type).toBe("provider.event");
    const deleted = moderation["messageDeletedEvent"];
    const snippet = { ...deleted.data.snippet, messageDeletedDetails: {} };
    expect(read(changed(deleted, { snippet })).type).toBe("provider.event");
  });

  it("erases what was said", ({ expect }) => {
    const said = read(chat.youtube);
    const { id, authorDetails } = chat.youtube.data;
    const deleted = moderation["messageDeletedEvent"];
    const deletion = read(
      changed(deleted, {
        snippet: { ...deleted.data.snippet, messageDeletedDetails: { deletedMessageId: id } },
      }),
    );
    const ban = bannedFor({ bannedUserDetails: authorDetails });
    for (const order of [deletion, ban]) {
      const [first] = eventsOf(decide(channelState(), [told([said, order])]));
      expect(first?.event.data["message"]).toMatchObject({ text: "", deleted: true });
      expect(first?.raw).toBeNull();
    }
  });

  it("is served by every id that a message may have been served by", ({ expect }) => {
    const messages = ["LCC.wagtail-1", ""].map((id): EventDraft => ({
      type: "chat.message",
      platform: "youtube",
      data: { user: ada, message: makeMessage(id, [{ type: "text", text: "hello" }]) },
    }));
    const deletion: EventDraft = {
      type: "chat.message.deleted",
      platform: "youtube",
      data: { messageIds: ["LCC.wagtail-1"], eventIds: [`${EPOCH}-2`] },
    };
    const events = [...messages, deletion].map((draft, at) => numbered(draft, at + 1).event);
    const frames = events
      .flatMap((event) => fromEvent(event, "room"))
      .filter(({ topic }) => topic === "channel.chat.message")
      .map(({ frame }) => JSON.parse(frame) as Served);
    const ids = frames.map(({ data }) => data.snippet.messageDeletedDetails?.deletedMessageId);
    expect(ids.slice(2)).toEqual(frames.slice(0, 2).map(({ data }) => data.id));
  });
});
