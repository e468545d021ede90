import { describe, it } from "vitest";

import type { Json } from "../../../../src/lib/json.ts";
import type { ProviderEffect, Session } from "../../../../src/protocols/session.ts";
import { provider } from "../../../../src/protocols/twitch-irc/index.ts";
import { AT, draftsOf, only } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import handshake from "../frames/handshake.json";
import { CONNECTION, samples } from "../samples.ts";
import { writeLine } from "../write.ts";

const PLACE = "otterbrook 52880011 otterbrook";

/** A socket that was welcomed, and what it asked for by then. */
function welcomed(place: string | null, credentials?: Json): Talk {
  const own = credentials === undefined ? {} : { credentials };
  const session = provider.open(linkTo(samples, { place, ...own }));
  session.handle({ type: "socket-opened", at: AT });
  return new Talk(session);
}

class Talk {
  readonly #session: Session<ProviderEffect>;
  readonly asked: string[];

  constructor(session: Session<ProviderEffect>) {
    this.#session = session;
    this.asked = sentBy(this.hears(handshake.welcome));
  }

  hears(frame: object): readonly ProviderEffect[] {
    return this.#session.handle({ type: "frame-received", at: AT, frame: writeLine(frame) });
  }

  /** Nothing is said of the room. */
  waits(): readonly ProviderEffect[] {
    return this.#session.handle({ type: "timer-fired", at: AT, timer: "room" });
  }

  /** Nothing is said of the room, and whose it is is answered so. */
  isTold(status: number, body: unknown): readonly ProviderEffect[] {
    return this.isAnswered(only(this.waits(), "request-issue")[0]?.request ?? "", status, body);
  }

  isAnswered(request: string, status: number, body: unknown): readonly ProviderEffect[] {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.#session.handle({ type: "request-answered", at: AT, request, status, body: text });
  }

  isToldNothing(): readonly ProviderEffect[] {
    const request = only(this.waits(), "request-issue")[0]?.request ?? "";
    return this.#session.handle({ type: "request-lost", at: AT, request });
  }
}

const sentBy = (effects: readonly ProviderEffect[]): string[] =>
  only(effects, "frame-send").map(({ frame }) => frame);
const reasonsOf = (effects: readonly ProviderEffect[]): string[] =>
  only(effects, "session-fail").map(({ failure }) => failure.reason);
const inRoom = <F extends { params: string[] }>(frame: F, room: string): F => ({
  ...frame,
  params: [`#${room}`, ...frame.params.slice(1)],
});
const named = (login: string): object => ({ data: [{ id: "52880011", login }] });

describe("a channel that was renamed", () => {
  it("is known by its id, which is kept when it is entered", ({ expect }) => {
    const effects = welcomed(null).hears(handshake["room state"]);
    expect(only(effects, "place-keep").map(({ place }) => place)).toEqual([PLACE]);
  });

  it("is silent under its old login, and entered under the one that its id has", ({ expect }) => {
    const talk = welcomed(PLACE);
    expect(talk.asked).toEqual(["JOIN #otterbrook"]);
    const [asks] = only(welcomed(PLACE).waits(), "request-issue");
    expect(asks?.exchange).toMatchObject({
      url: "https://api.twitch.tv/helix/users?id=52880011",
      method: "GET",
      headers: { authorization: "Bearer tw-4cc3ss-t0ken", "client-id": "tw-cl1ent" },
    });
    const told = talk.isTold(200, named("otter_creek"));
    expect(sentBy(told)).toEqual(["JOIN #otter_creek"]);
    expect(only(told, "timer-set").map(({ timer }) => timer)).toEqual(["room"]);
    const entered = talk.hears(inRoom(handshake["room state"], "otter_creek"));
    expect(only(entered, "connection-observe")[0]?.connection).toMatchObject({
      identifier: CONNECTION,
      target: { id: "52880011", name: "otter_creek", url: "https://www.twitch.tv/otter_creek" },
    });
    const [{ connectionId } = {}] = draftsOf(talk.hears(inRoom(chat.PRIVMSG, "otter_creek")));
    expect(connectionId).toBe(CONNECTION);
    const [kept] = only(entered, "place-keep");
    expect(welcomed(kept?.place ?? null).asked).toEqual(["JOIN #otter_creek"]);
  });

  it("is told of as silent where nobody can be asked, or the channel is another", ({ expect }) => {
    for (const talk of [
      welcomed(PLACE, {}),
      welcomed(null),
      welcomed("greenkiln 7 greenkiln"),
      welcomed("otterbrook"),
    ]) {
      expect(talk.asked).toEqual(["JOIN #otterbrook"]);
      const effects = talk.waits();
      expect(only(effects, "request-issue")).toEqual([]);
      expect(reasonsOf(effects)).toEqual(["channel_unavailable"]);
    }
  });

  it("is told of as silent where no other login is told", ({ expect }) => {
    for (const [status, body] of [
      [200, named("otterbrook")],
      [200, named("otter\r\nQUIT")],
      [200, { data: [{ id: "52880011" }] }],
      [200, { data: [] }],
      [200, "what?"],
      [401, {}],
      [500, ""],
    ] as const) {
      const effects = welcomed(PLACE).isTold(status, body);
      expect(sentBy(effects)).toEqual([]);
      expect(reasonsOf(effects), JSON.stringify(body)).toEqual(["channel_unavailable"]);
    }
    expect(reasonsOf(welcomed(PLACE).isToldNothing())).toEqual(["channel_unavailable"]);
  });

  it("is asked for once where it is silent under its new login, too", ({ expect }) => {
    const talk = welcomed(PLACE);
    talk.isTold(200, named("otter_creek"));
    expect(reasonsOf(talk.isTold(200, named("otter_creek")))).toEqual(["channel_unavailable"]);
  });

  it("is none that has spoken while its login was asked for", ({ expect }) => {
    for (const login of ["otterbrook", "otter_creek"]) {
      const talk = welcomed(PLACE);
      const request = only(talk.waits(), "request-issue")[0]?.request ?? "";
      expect(only(talk.hears(handshake["room state"]), "session-ready")).toHaveLength(1);
      expect(talk.isAnswered(request, 200, named(login))).toEqual([]);
      expect(draftsOf(talk.hears(chat.PRIVMSG))).toHaveLength(1);
    }
  });
});
