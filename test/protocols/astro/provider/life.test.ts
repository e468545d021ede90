import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/astro/index.ts";
import { greeted, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import activities from "../frames/activities.json";
import handshake from "../frames/handshake.json";
import { samples } from "../samples.ts";
import { ALIVE, granted, open, pacedThrough, sent } from "../session.ts";

describe("signs of life", () => {
  const start = (): Driven => greeted(provider.open(linkTo(samples)), samples.greeting);

  it("there is no heartbeat: after a silence a topic is asked for again, and the answer is one", ({
    expect,
  }) => {
    const session = start();
    session.fires("pace");
    const probe = session.fires("probe");
    expect(sent(probe).map(({ data }) => data.topic)).toEqual(["channel.activities"]);
    expect(only(probe, "timer-set").map(({ timer }) => timer)).toEqual(["pace"]);
    const answer = session.receives(handshake.granted);
    expect(answer.slice(0, 2)).toEqual(ALIVE);
    expect(typesOf(answer)).not.toContain("connection-observe");
    const silent = start();
    const [failed] = only(silent.fires("silence"), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "silent" });
  });

  it("are what can be read, and nothing else", ({ expect }) => {
    expect(start().receives(activities.follow).slice(0, 2)).toEqual(ALIVE);
    expect(start().receives({ type: "response" }).slice(0, 2)).toEqual(ALIVE);
    expect(typesOf(start().receives("pong"))).toEqual(["frame-reject"]);
    expect(typesOf(start().receives({ beat: true }))).toEqual(["frame-reject"]);
  });

  it("are asked for with one topic, however many there are", ({ expect }) => {
    const session = open({ topics: ["channel.a", "channel.b"] });
    session.opened();
    pacedThrough(session);
    session.receives(granted("channel.b"));
    session.receives(granted("channel.a"));
    expect(sent(session.fires("probe")).map(({ data }) => data.topic)).toEqual(["channel.a"]);
    expect(pacedThrough(session)).toEqual([]);
  });

  it("are not asked for before anything is subscribed", ({ expect }) => {
    const session = open();
    session.opened();
    session.fires("pace");
    expect(session.fires("probe")).toEqual([]);
  });
});
