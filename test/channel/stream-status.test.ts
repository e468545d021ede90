import { describe, it } from "vitest";

import {
  follow,
  StreamStatus,
  summarizeStatus,
  UNKNOWN_STREAM,
} from "../../src/channel/stream-status.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { allSamples, numbered, samples } from "../support/samples.ts";

const RESTREAM = "restream:a";

/** The status after these, one after the other. */
function after(...drafts: EventDraft[]): StreamStatus {
  return drafts.reduce(
    (status, draft, index) => follow(status, numbered(draft, index + 1).event),
    UNKNOWN_STREAM,
  );
}

function online(connectionId: string, startedAt?: string): EventDraft {
  return {
    type: "stream.online",
    platform: "twitch",
    connectionId,
    data: startedAt === undefined ? {} : { startedAt },
  };
}

function offline(connectionId: string): EventDraft {
  return { type: "stream.offline", platform: "twitch", connectionId, data: {} };
}

function viewers(connectionId: string, count: number, account?: string): EventDraft {
  const data = account === undefined ? { count } : { count, account };
  return { type: "stream.viewers", platform: "twitch", connectionId, data };
}

function closed(connectionId: string): EventDraft {
  return { ...samples["connection.closed"], connectionId };
}

describe("the status of a stream", () => {
  it("is unknown until somebody tells of it", ({ expect }) => {
    expect(summarizeStatus(UNKNOWN_STREAM)).toEqual({ live: null, since: null, viewers: null });
  });

  it("is the very same where an event says nothing of it", ({ expect }) => {
    const telling = ["stream.online", "stream.offline", "stream.viewers", "connection.updated"];
    const status = after(online(RESTREAM), viewers(RESTREAM, 3));
    const others = allSamples.filter(({ type }) => !telling.includes(type));
    for (const draft of others) expect(follow(status, numbered(draft, 9).event)).toBe(status);
    expect(others.length).toBeGreaterThan(30);
  });

  it("is also what a connection says of itself, whose own account is no other place", ({
    expect,
  }) => {
    const place = "multistreamer:14";
    const updated = (live: boolean | null): EventDraft => ({
      ...samples["connection.updated"],
      connectionId: place,
      data: { ...samples["connection.updated"].data, identifier: place, live },
    });
    expect(summarizeStatus(after(updated(null))).live).toBeNull();
    expect(summarizeStatus(after(updated(false))).live).toBe(false);
    const began = { ...online(place), data: { account: "14" } } as EventDraft;
    const live = after(updated(true), began);
    expect(summarizeStatus(live).live).toBe(true);
    const again = numbered(updated(true), 9).event;
    expect(follow(live, again)).toBe(live);
    expect(summarizeStatus(follow(live, numbered(updated(false), 9).event)).live).toBe(false);
  });

  it("keeps since when a connection was on air, until it says it is off", ({ expect }) => {
    const updated = (live: boolean): EventDraft => ({
      ...samples["connection.updated"],
      connectionId: RESTREAM,
      data: { ...samples["connection.updated"].data, live },
    });
    const early = "2026-11-21T01:00:00.000Z";
    const live = after(online(RESTREAM, early), updated(true));
    expect(live.online).toEqual({ [RESTREAM]: early });
    const off = after(online(RESTREAM, early), updated(false));
    expect(off.online).toEqual({ [RESTREAM]: null });
    expect(follow(off, numbered(updated(false), 9).event)).toBe(off);
    const { recordedtime } = numbered(updated(true), 3).event;
    const back = after(online(RESTREAM, early), updated(false), updated(true));
    expect(back.online).toEqual({ [RESTREAM]: recordedtime });
  });

  it("says nothing of who watches by what is no number", ({ expect }) => {
    const told = viewers(RESTREAM, 5);
    const status = after(told);
    const odd = { ...numbered(told, 2).event, data: { count: "many" } };
    expect(follow(status, odd)).toBe(status);
  });

  it("is on air while it is anywhere, since it first was", ({ expect }) => {
    const early = "2026-11-21T01:00:00.000Z";
    const both = [online("dlive:ada", "2026-11-21T02:00:00.000Z"), online(RESTREAM, early)];
    expect(summarizeStatus(after(...both))).toMatchObject({ live: true, since: early });
    expect(summarizeStatus(after(...both, offline(RESTREAM)))).toMatchObject({
      live: true,
      since: "2026-11-21T02:00:00.000Z",
    });
    expect(summarizeStatus(after(...both, offline(RESTREAM), offline("dlive:ada")))).toMatchObject({
      live: false,
      since: null,
    });
  });

  it("says since when by the provider's word, its clock, or ours, in this order", ({ expect }) => {
    const draft = online(RESTREAM);
    const { recordedtime } = numbered(draft, 1).event;
    const time = Date.parse("2026-11-21T00:30:00.000Z");
    expect(summarizeStatus(after(draft)).since).toBe(recordedtime);
    expect(summarizeStatus(after({ ...draft, time })).since).toBe("2026-11-21T00:30:00.000Z");
    expect(
      summarizeStatus(after({ ...online(RESTREAM, "2026-11-21T00:29:59Z"), time })).since,
    ).toBe("2026-11-21T00:29:59Z");
  });

  it("adds up who watches, by connection and account, by the newest figure of each", ({
    expect,
  }) => {
    const counts = [
      viewers(RESTREAM, 5),
      viewers("dlive:ada", 7),
      viewers(RESTREAM, 6),
      viewers(RESTREAM, 10, "14"),
    ];
    expect(summarizeStatus(after(...counts)).viewers).toBe(23);
    expect(summarizeStatus(after(viewers(RESTREAM, 0))).viewers).toBe(0);
  });

  it("forgets who watched when the stream ends there", ({ expect }) => {
    const told = after(viewers(RESTREAM, 5), viewers("dlive:ada", 7), offline(RESTREAM));
    expect(summarizeStatus(told)).toEqual({ live: false, since: null, viewers: 7 });
  });

  it("forgets with a connection what it told, its accounts included, and nothing else", ({
    expect,
  }) => {
    const told = [
      online(RESTREAM),
      viewers(RESTREAM, 1, "14"),
      viewers("restream:ab", 4),
      online("restream:ab", "2026-11-21T02:00:00.000Z"),
      closed(RESTREAM),
    ];
    expect(after(...told)).toEqual({
      online: { "restream:ab": "2026-11-21T02:00:00.000Z" },
      viewers: { "restream:ab": 4 },
    });
  });

  it("is by platform where an event came by no connection", ({ expect }) => {
    const draft: EventDraft = { type: "stream.viewers", platform: "youtube", data: { count: 3 } };
    expect(after(draft).viewers).toEqual({ youtube: 3 });
    const account = { ...draft, data: { count: 3, account: "14" } } as EventDraft;
    expect(after(account).viewers).toEqual({ "youtube/14": 3 });
  });

  it("is read back from what it is kept as", ({ expect }) => {
    const status = after(online(RESTREAM), offline("dlive:ada"), viewers(RESTREAM, 3, "14"));
    expect(StreamStatus.parse(JSON.parse(JSON.stringify(status)))).toEqual(status);
  });
});
