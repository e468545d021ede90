import { describe, it } from "vitest";

import type { EventDraft } from "../../../../src/event/event.ts";
import { gateway } from "../../../../src/protocols/restream/gateway/gateway.ts";
import { ada, allSamples, connection, numbered, said, samples } from "../../../support/samples.ts";
import { AT } from "../../support/drive.ts";
import { framesOf, quiet, serve, type Served } from "../../support/gateway.ts";
import { hostile } from "../../support/hostile.ts";
import connections from "../frames/connections.json";
import events from "../frames/events.json";
import outcomes from "../frames/outcomes.json";

interface Frame {
  readonly action: string;
  readonly timestamp: number;
  readonly payload: Record<string, unknown>;
}

const told = (session: Served, ...drafts: EventDraft[]): Frame[] =>
  framesOf<Frame>(
    session.observes(...drafts.map((draft, index) => numbered(draft, index + 1).event)),
  );

const chat = (platform: string, connectionId?: string): EventDraft => ({
  ...said("m-1", "hello"),
  platform,
  ...(connectionId !== undefined && { connectionId }),
});

const keysOf = (frame: object | undefined): string[] => Object.keys(frame ?? {}).toSorted();

describe("a socket that has come", () => {
  it("is told of every connection, and that it lives", ({ expect }) => {
    const session = serve(gateway, { channel: { ...quiet, connections: [connection] } });
    const [info, beat, ...more] = framesOf<Frame>(session.opened);
    expect(info).toEqual({
      action: "connection_info",
      payload: {
        connectionIdentifier: "7-twitch-restream.5000001-twitch-900000001",
        connectionUuid: "u-1",
        eventSourceId: 2,
        reason: null,
        status: "connected",
        target: {
          owner: {
            avatar: "https://pictures.example/ada.png",
            displayName: "Ada",
            id: "900000001",
            name: "Ada",
            url: "https://twitch.tv/ada",
          },
          websiteChannelId: 0,
        },
        userId: 7,
      },
      timestamp: Math.floor(AT / 1000),
    });
    expect(keysOf(info?.payload)).toEqual(keysOf(connections.twitch.payload));
    expect(beat).toEqual({ action: "heartbeat", payload: {}, timestamp: Math.floor(AT / 1000) });
    expect(more).toEqual([]);
  });

  it("a token that does not hold is closed with 1008", ({ expect }) => {
    for (const why of ["no_credential", "unauthorized", "forbidden"] as const) {
      expect(gateway.refuse(why)).toMatchObject({ kind: "socket", code: 1008, frames: [] });
    }
    // That we are away says nothing of the token: a client that took it so would give up.
    expect(gateway.refuse("unavailable")).toMatchObject({ kind: "socket", code: 1013 });
    expect(gateway.closes.credential).toBe(1008);
  });

  it("is at /ws, with its token in the query", ({ expect }) => {
    const knock = (path: string, query = {}) => gateway.admit({ path, query, offered: [] });
    expect(knock("/ws", { accessToken: "t" })).toMatchObject({ credential: "t", channel: null });
    expect(knock("/ws/")).toMatchObject({ credential: null });
    expect(knock("/ws/7")).toBeNull();
    expect(knock("/")).toBeNull();
  });
});

describe("what a client says", () => {
  it("everything a client sends is swallowed", ({ expect }) => {
    const session = serve(gateway);
    const before = session.snapshot();
    const noise = ['{"action":"ping"}', '{"action":"send_message","payload":{"text":"x"}}'];
    for (const frame of [...Object.values(hostile), ...noise, null]) {
      expect(session.receives(frame)).toEqual([]);
    }
    expect(session.snapshot()).toBe(before);
  });
});

describe("where an event comes from", () => {
  it("an identifier is user, platform and channel, for clients read the platform from it", ({
    expect,
  }) => {
    const identifierOf = (platform: string, connectionId?: string): unknown =>
      told(serve(gateway), chat(platform, connectionId)).at(-1)?.payload["connectionIdentifier"];
    expect(identifierOf("dlive", "dlive:dbl-lee")).toBe("7-dlive-dbl-lee");
    expect(identifierOf("twitch", "astro:room")).toBe("7-twitch-astro.room");
    expect(identifierOf("interactive-sync", "interactive-sync:1")).toBe("7-interactivesync-1");
    expect(identifierOf("twitch", "restream:9-twitch-1")).toBe("7-twitch-restream.9-twitch-1");
    expect(identifierOf("kick")).toBe("7-kick-api.posted");
  });

  it("a connection is announced before the first event that is told under it", ({ expect }) => {
    const session = serve(gateway, { channel: { ...quiet, connections: [connection] } }, FORGETFUL);
    const actions = (...drafts: EventDraft[]): string[] =>
      told(session, ...drafts).map(({ action }) => action);
    expect(actions(chat("twitch", connection.identifier))).toEqual(["event"]);
    expect(actions(chat("twitch"), chat("twitch"))).toEqual(["connection_info", "event", "event"]);
    // One connection may tell of several platforms, each of which is a channel to Restream.
    expect(actions(chat("kick", "astro:room"))).toEqual(["connection_info", "event"]);
    expect(actions(chat("kick", "astro:room"))).toEqual(["event"]);
    expect(actions(samples["connection.closed"])).toEqual(["connection_closed"]);
    expect(actions(chat("twitch", connection.identifier))).toEqual(["connection_info", "event"]);
  });

  it("a connection whose forerunner is closed stays announced, and one that is removed does not", ({
    expect,
  }) => {
    const session = serve(gateway, { channel: { ...quiet, connections: [connection] } });
    const closed = samples["connection.closed"];
    const actions = (replaced: boolean): string[] =>
      told(
        session,
        { ...closed, data: { ...closed.data, replaced } },
        chat("twitch", connection.identifier),
      ).map(({ action }) => action);
    expect(actions(true)).toEqual(["connection_closed", "event"]);
    expect(actions(false)).toEqual(["connection_closed", "connection_info", "event"]);
  });

  it("announces nothing that it does not tell of", ({ expect }) => {
    expect(told(serve(gateway), samples["channel.raid"], samples["channel.follow"])).toEqual([]);
  });

  it("keeps a bounded number of connections in mind, and tells of all", ({ expect }) => {
    const session = serve(gateway);
    const many = Array.from({ length: 300 }, (_, index) => chat(`p${index}`));
    expect(told(session, ...many).filter(({ action }) => action === "event")).toHaveLength(300);
    expect(JSON.stringify(session.snapshot()).length).toBeLessThan(8_000);
  });
});

const FORGETFUL = { isForgetful: true };

describe("an event", () => {
  it.for([
    ["discord", 1, 25],
    ["dlive", 2, 24],
    ["twitch", 4, 2],
    ["youtube", 5, 13],
    ["facebook", 13, 20],
    ["linkedin", 21, 26],
    ["trovo", 22, 27],
    ["x", 24, 28],
    ["kick", 25, 29],
    ["rumble", 32, 33],
    ["somewhere", 4, 0],
  ] as const)("of %s has that source's type, and its payload's fields", (row, { expect }) => {
    const [platform, eventTypeId, eventSourceId] = row;
    const { payload } = told(serve(gateway), chat(platform))[1] ?? {};
    expect(payload).toMatchObject({ eventTypeId, eventSourceId, eventIdentifier: "m-1" });
    const documented = (events as Record<string, Frame | undefined>)[eventTypeId]?.payload;
    const fields = documented?.["eventPayload"] as Record<string, unknown>;
    const own = (payload?.["eventPayload"] ?? {}) as Record<string, unknown>;
    for (const key of keysOf(fields)) {
      // Only Facebook's pages have a parent, and only where the message is a reply.
      if (key !== "parent") expect(keysOf(own)).toContain(key);
    }
    for (const key of keysOf(fields["author"] as object)) {
      expect(keysOf(own["author"] as object)).toContain(key);
    }
  });

  it("has the pictures of its text from the last to the first", ({ expect }) => {
    const [, frame] = told(serve(gateway), {
      ...samples["chat.message"],
      data: {
        user: ada,
        message: {
          ...said("m", "").data.message,
          text: "a Kappa b Kappa",
          fragments: [
            { type: "text", text: "a " },
            { type: "emote", text: "Kappa", image: "https://e.example/1" },
            { type: "text", text: " b " },
            { type: "emote", text: "Kappa", image: "https://e.example/2" },
          ],
        },
      },
    });
    expect(frame?.payload["eventPayload"]).toMatchObject({
      replaces: [
        { from: 10, to: 14, type: "imageUrl", payload: { url: "https://e.example/2" } },
        { from: 2, to: 6, type: "imageUrl", payload: { url: "https://e.example/1" } },
      ],
    });
  });

  it("has an identifier that is not empty, whichever provider gave it none", ({ expect }) => {
    const nameless = { ...said("", "hello").data.message };
    const tip = samples["channel.tip"];
    const drafts: EventDraft[] = [
      { ...said("", "hello"), connectionId: "multistreamer:14" },
      { ...said("", "hello"), platform: "youtube", connectionId: "multistreamer:15" },
      ...(["superchat", "supersticker"] as const).flatMap((kind): EventDraft[] => {
        const { tipId: _tipId, message: _message, ...data } = tip.data;
        return [
          { ...tip, platform: "youtube", data: { ...data, kind } },
          { ...tip, platform: "youtube", data: { ...data, kind, message: nameless } },
          { ...tip, platform: "youtube", data: { ...data, kind, tipId: "", message: nameless } },
        ];
      }),
    ];
    const events = told(serve(gateway, {}, FORGETFUL), ...drafts).filter(
      ({ action }) => action === "event",
    );
    const identifiers = events.map(({ payload }) => payload["eventIdentifier"]);
    expect(identifiers).toHaveLength(drafts.length);
    for (const [index, identifier] of identifiers.entries()) {
      expect(identifier).toBe(events[index]?.payload["eventId"]);
      const { donation } = (events[index]?.payload["eventPayload"] ?? {}) as { donation?: object };
      if (donation !== undefined && "stickerId" in donation)
        expect(donation.stickerId).not.toBe("");
    }
    expect(new Set(identifiers).size).toBe(drafts.length);
  });

  it("that was deleted before it is told of is not told of", ({ expect }) => {
    const { data, ...rest } = said("m-1", "");
    const gone: EventDraft = {
      ...rest,
      data: { ...data, message: { ...data.message, deleted: true } },
    };
    expect(told(serve(gateway), gone)).toEqual([]);
  });

  it("of any type is told of in whole frames, with the time in seconds", ({ expect }) => {
    const session = serve(gateway, {}, FORGETFUL);
    for (const frame of told(session, ...allSamples)) {
      expect(keysOf(frame)).toEqual(["action", "payload", "timestamp"]);
      expect(frame.timestamp).toBeGreaterThan(1_700_000_000);
      expect(frame.timestamp).toBeLessThan(2_000_000_000);
    }
  });
});

describe("a send", () => {
  it("a reply is told of as created only where its words are known", ({ expect }) => {
    const session = serve(gateway);
    const { data } = samples["send.accepted"];
    const [created] = told(session, samples["send.accepted"]);
    expect(created).toMatchObject({
      action: "reply_created",
      payload: { replyUuid: "s-1", clientReplyUuid: "s-1", eventSourceId: 1, text: "Hello all" },
    });
    expect(keysOf(created?.payload)).toEqual(keysOf(outcomes.reply_created.payload));
    const { text: _text, ...wordless } = data;
    const [accepted] = told(session, { ...samples["send.accepted"], data: wordless });
    expect(accepted?.action).toBe("reply_accepted");
    expect(keysOf(accepted?.payload)).toEqual(keysOf(outcomes.reply_accepted.payload));
  });

  it("to several connections is created once, for all of them, and accepted on each", ({
    expect,
  }) => {
    const events = ["dlive:ada", "multistreamer:14", "astro:room"].map((target, at) => {
      const { data } = samples["send.accepted"];
      const platform = ["dlive", "youtube", "twitch"][at] ?? "";
      const draft = { ...samples["send.accepted"], platform, data: { ...data, targets: [target] } };
      return numbered(draft, at + 1, { provider: "relay" }).event;
    });
    const frames = framesOf<Frame>(serve(gateway).observes(...events));
    const identifiers = ["7-dlive-ada", "7-youtube-multistreamer.14", "7-twitch-astro.room"];
    expect(frames.map(({ action }) => action)).toEqual([
      "reply_created",
      ...identifiers.map(() => "reply_accepted"),
    ]);
    expect(frames[0]?.payload).toMatchObject({ connectionIdentifiers: identifiers });
    expect(frames.slice(1).map(({ payload }) => payload["connectionIdentifier"])).toEqual(
      identifiers,
    );
  });

  it("of our own is created and accepted at once", ({ expect }) => {
    const { event } = numbered(samples["send.accepted"], 1, { provider: "dlive" });
    const frames = framesOf<Frame>(serve(gateway).observes(event));
    expect(frames.map(({ action }) => action)).toEqual(["reply_created", "reply_accepted"]);
  });

  it("has its end told of on every connection that it went to", ({ expect }) => {
    const targets = ["dlive:a", "dlive:b"];
    const { data } = samples["send.failed"];
    const failed: EventDraft = {
      ...samples["send.failed"],
      platform: "dlive",
      data: { ...data, targets },
    };
    expect(told(serve(gateway), failed)).toMatchObject([
      { action: "reply_failed", payload: { connectionIdentifier: "7-dlive-a", replyUuid: "s-1" } },
      { action: "reply_failed", payload: { connectionIdentifier: "7-dlive-b", replyUuid: "s-1" } },
    ]);
  });

  it("of an interface is nothing to Restream", ({ expect }) => {
    const { data } = samples["send.confirmed"];
    const shown: EventDraft = { ...samples["send.confirmed"], data: { ...data, kind: "ui" } };
    expect(told(serve(gateway), shown)).toEqual([]);
  });
});
