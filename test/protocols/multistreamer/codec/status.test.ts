import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/multistreamer/index.ts";
import type { ProviderEffect } from "../../../../src/protocols/session.ts";
import { drive, draftsOf, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import other from "../frames/other.json";
import {
  BOT,
  FACEBOOK,
  listing,
  offAir,
  onAir,
  ROOM,
  samples,
  started,
  TWITCH,
  YOUTUBE,
} from "../samples.ts";

const observed = (effects: readonly ProviderEffect[]) =>
  only(effects, "connection-observe").map(({ connection }) => connection);

/** What began and what ended, by account. */
const edges = (effects: readonly ProviderEffect[]) =>
  draftsOf(effects)
    .filter(({ type }) => type !== "stream.status")
    .map(({ type, data }) => [type, (data as { account?: string }).account]);

const first = (frame: object): readonly ProviderEffect[] => {
  const session = drive(provider.open(linkTo(samples)));
  session.opened();
  return session.receives(frame);
};

const silence = { type: "timer-set", timer: "silence", afterMs: 75_000 };

describe("an account of a status", () => {
  it("is a connection, with everything that is known of it", ({ expect }) => {
    const connections = observed(first(onAir));
    expect(connections.map(({ identifier }) => identifier)).toEqual([
      ROOM,
      TWITCH,
      YOUTUBE,
      FACEBOOK,
      BOT,
    ]);
    expect(connections[1]).toEqual({
      identifier: TWITCH,
      uuid: "dial-1/31",
      platform: "twitch",
      status: "connected",
      reason: null,
      target: {
        platform: "twitch",
        name: "RiverMill",
        url: "https://twitch.example/rivermill",
        network: "Twitch",
      },
      writable: true,
      ready: true,
      live: true,
      idle: false,
    });
    expect(connections[3]).toMatchObject({ writable: false, ready: true, live: true });
  });

  it("account 0 is the user's own internal room, and is always there", ({ expect }) => {
    for (const frame of [onAir, offAir]) {
      expect(observed(first(frame))[0]).toMatchObject({
        identifier: ROOM,
        platform: "irc",
        target: { name: "rivermill", network: "IRC" },
        writable: true,
        ready: true,
        live: false,
        idle: false,
      });
    }
  });

  it("has a chat that can be missed only while the stream goes there", ({ expect }) => {
    const idle = observed(first(onAir)).map(({ identifier, idle }) => [identifier, idle]);
    expect(idle.filter(([, is]) => is)).toEqual([[BOT, true]]);
  });

  it("has a uuid of its own dial", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples, { dialId: "dial-2" })));
    session.opened();
    const uuids = observed(session.receives(onAir)).map(({ uuid }) => uuid);
    expect(uuids).toEqual(["dial-2/0", "dial-2/31", "dial-2/32", "dial-2/33", "dial-2/47"]);
  });

  it("is told of again only when it has changed", ({ expect }) => {
    const session = started();
    expect(session.receives(onAir)).toEqual([silence]);
    const renamed = listing({ "32": { name: "The Mill" } });
    expect(observed(session.receives(renamed))).toMatchObject([
      { identifier: YOUTUBE, target: { name: "The Mill" } },
    ]);
    expect(session.receives(renamed)).toEqual([silence]);
  });

  it("may be on a network that has no name of ours", ({ expect }) => {
    const frame = listing({ "31": { network: { name: "Canal Cast!" } }, "32": { network: null } });
    const platforms = observed(first(frame)).map(({ platform }) => platform);
    expect(platforms).toEqual(["irc", "unknown", "unknown", "facebook", "twitch"]);
  });

  it("an account that a status cannot say is kept as it was", ({ expect }) => {
    const session = started();
    for (const said of [null, 7, [], { live: "yes" }, { network: "twitch" }]) {
      const effects = session.receives({ ...onAir, accounts: { ...onAir.accounts, "31": said } });
      expect(effects).toEqual([
        { type: "frame-reject", problem: "status: unreadable account 31" },
        silence,
      ]);
    }
    for (const id of ["first", "-1", "031", "__proto__x", "9".repeat(16)]) {
      const effects = session.receives(listing({ [id]: { name: "nobody" } }));
      expect(typesOf(effects)).toEqual(["frame-reject", "timer-set"]);
    }
    const missing = listing({ "31": { live: null, name: null } });
    expect(observed(session.receives(missing))).toMatchObject([{ identifier: TWITCH, live: true }]);
  });

  it("the accounts that are not the stream's never count as ready", ({ expect }) => {
    const session = started();
    expect(observed(session.receives(other.writer))).toMatchObject([
      { identifier: BOT, ready: true, live: false },
    ]);
    // Its writer is there, and every status goes on saying that it is not ready.
    expect(onAir.accounts["47"].ready).toBe(false);
    expect(session.receives(onAir)).toEqual([silence]);
    const gone = session.receives(listing({ "31": null }));
    expect(observed(gone)).toMatchObject([{ identifier: BOT, ready: false }]);
  });
});

describe("an account that is no longer there", () => {
  const dropped = (effects: readonly ProviderEffect[]) => only(effects, "connection-drop");

  it("an account that a status does not list is gone", ({ expect }) => {
    const session = started();
    const effects = session.receives(listing({ "47": null, "33": null }));
    const drop = { type: "connection-drop", reason: "not_listed", final: true };
    expect(dropped(effects)).toEqual([
      { ...drop, uuid: "dial-1/33" },
      { ...drop, uuid: "dial-1/47" },
    ]);
    expect(edges(effects)).toEqual([["stream.offline", "33"]]);
    expect(typesOf(effects).indexOf("events-observe")).toBeLessThan(
      typesOf(effects).indexOf("connection-drop"),
    );
  });

  it("while nothing is pushed a status lists account 0 alone", ({ expect }) => {
    const effects = started().receives(offAir);
    expect(dropped(effects).map(({ uuid }) => uuid)).toEqual([
      "dial-1/31",
      "dial-1/32",
      "dial-1/33",
      "dial-1/47",
    ]);
    expect(observed(effects)).toEqual([]);
  });

  it("is told of anew when it is back", ({ expect }) => {
    const session = started();
    session.receives(offAir);
    const effects = session.receives(onAir);
    expect(observed(effects)).toEqual(observed(first(onAir)).slice(1));
    expect(edges(effects)).toEqual([
      ["stream.online", "31"],
      ["stream.online", "32"],
      ["stream.online", "33"],
    ]);
  });
});

describe("how the stream is fed", () => {
  const statuses = (effects: readonly ProviderEffect[]) =>
    draftsOf(effects).filter(({ type }) => type === "stream.status");

  it("is told with the accounts, and has no key: it is no occurrence", ({ expect }) => {
    const [status] = statuses(first(onAir));
    expect(status).toMatchObject({ platform: "multistreamer", raw: onAir });
    expect(status).not.toHaveProperty("key");
    expect(status?.data).toEqual({
      incoming: true,
      pushing: true,
      pulling: false,
      accounts: [
        { id: "0", platform: "irc", name: "rivermill", live: false },
        { id: "31", platform: "twitch", name: "RiverMill", live: true },
        { id: "32", platform: "youtube", name: "The River Mill", live: true },
        { id: "33", platform: "facebook", name: "Mill Pond", live: true },
        { id: "47", platform: "twitch", name: "MillBot", live: false },
      ],
    });
  });

  it("is told again only when it has changed", ({ expect }) => {
    const session = started();
    expect(statuses(session.receives(onAir))).toEqual([]);
    const dry = { ...onAir, status: { ...onAir.status, data_incoming: false } };
    expect(statuses(session.receives(dry))).toMatchObject([{ data: { incoming: false } }]);
    expect(statuses(session.receives(dry))).toEqual([]);
    expect(statuses(session.receives(onAir))).toHaveLength(1);
  });

  it("says nothing of what the server does not say", ({ expect }) => {
    const [status] = statuses(first({ type: "status", accounts: {} }));
    expect(status?.data).toEqual({ accounts: [] });
  });

  it("the first status tells how things are, not what began", ({ expect }) => {
    expect(edges(first(onAir))).toEqual([]);
    expect(statuses(first(onAir))).toHaveLength(1);
    const next = drive(provider.open(linkTo(samples, { dialId: "dial-2" })));
    next.opened();
    expect(edges(next.receives(onAir))).toEqual([]);
  });

  it("begins and ends as often as it does", ({ expect }) => {
    const session: Driven = started(offAir);
    const flapping = [onAir, onAir, offAir, offAir, onAir].map((frame) =>
      edges(session.receives(frame)).map(([type]) => type),
    );
    const [online, offline] = [Array(3).fill("stream.online"), Array(3).fill("stream.offline")];
    expect(flapping).toEqual([online, [], offline, [], online]);
  });

  it("is told of each account by itself, with its address", ({ expect }) => {
    const session = started();
    const ended = draftsOf(session.receives(listing({ "32": { live: false } })));
    const data = { account: "32", url: "https://youtube.example/watch?v=m1ll" };
    const about = { platform: "youtube", connectionId: YOUTUBE, data };
    expect(ended[1]).toMatchObject({ ...about, type: "stream.offline" });
    expect(draftsOf(session.receives(onAir))[1]).toMatchObject({
      ...about,
      type: "stream.online",
      raw: onAir.accounts["32"],
    });
  });
});
