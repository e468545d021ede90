import { describe, it } from "vitest";

import type { DraftOf } from "../../../../src/event/event.ts";
import { splitAtSpans, makeMessage } from "../../../../src/event/message.ts";
import { identify } from "../../../../src/event/nobody.ts";
import { toAccountNumber } from "../../../../src/protocols/multistreamer/codec/account-number.ts";
import { gateway } from "../../../../src/protocols/multistreamer/index.ts";
import {
  AT,
  everything,
  facts,
  linked,
  reader,
  Room,
  type Client,
} from "../../support/gateway-room.ts";

const STREAM = linked("multistreamer:14", {
  platform: "twitch",
  target: { platform: "twitch", name: "ottersea", url: "https://twitch.tv/ottersea" },
  live: true,
});
const OTHER = linked("multistreamer:17", {
  platform: "twitch",
  target: { platform: "twitch", name: "ottersea_crew" },
  ready: false,
  live: false,
});

const KAPPA = "http://static-cdn.jtvnw.net/emoticons/v1/25/1.0";

function room(...connections: Parameters<typeof linked>[]): Room {
  const made = connections.map((each) => linked(...each));
  return new Room(gateway, [facts({ connections: made.length > 0 ? made : [STREAM, OTHER] })]);
}

function said(text: string, given: Partial<DraftOf<"chat.message">> = {}): DraftOf<"chat.message"> {
  return {
    type: "chat.message",
    platform: "twitch",
    connectionId: "multistreamer:14",
    time: AT,
    data: {
      user: {
        key: "twitch:146521877",
        id: "146521877",
        name: "newt_on_air",
        roles: [],
        badges: [],
        anonymous: false,
      },
      message: makeMessage("m-1", splitAtSpans(text, [])),
    },
    ...given,
  };
}

type Listed = Readonly<Record<string, object>>;

function statusOf(client: Client): { status: object; accounts: Listed } {
  const [status] = client.says({ type: "status" }).hears<{ status: object; accounts: Listed }>();
  if (status === undefined) throw new Error("no status");
  return status;
}

describe("a status", () => {
  it("is sent when it is asked for, and nothing before", ({ expect }) => {
    const client = room().join(everything);
    expect(client.hears()).toEqual([]);
    expect(client.says({ type: "status" }).hears()).toEqual([
      {
        type: "status",
        status: { data_pulling: false, data_pushing: true, data_incoming: true },
        accounts: {
          "14": {
            live: true,
            writable: true,
            name: "ottersea",
            network: { displayName: "Twitch", name: "twitch" },
            ready: true,
            http_url: "https://twitch.tv/ottersea",
          },
          "17": {
            network: { displayName: "Twitch", name: "twitch" },
            writable: true,
            name: "ottersea_crew",
            ready: false,
            live: false,
          },
          "0": {
            name: "john",
            ready: true,
            network: { displayName: "IRC", name: "irc" },
            live: false,
            writable: true,
          },
        },
      },
    ]);
  });

  it("lists the internal room alone while nothing is on air", ({ expect }) => {
    const off = room(["multistreamer:14", { live: false }], ["dlive:otter", { live: null }]);
    off.change("demo", { stream: { live: false, since: null, viewers: null } });
    const { status, accounts } = statusOf(off.join(everything));
    expect(status).toEqual({ data_pulling: false, data_pushing: false, data_incoming: false });
    expect(Object.keys(accounts)).toEqual(["0"]);
  });

  it("takes what is connected to be on air where nobody says", ({ expect }) => {
    const unsaid = room(["dlive:otter", { platform: "dlive" }]);
    const { status, accounts } = statusOf(unsaid.join(everything));
    expect(status).toMatchObject({ data_pushing: true });
    expect(accounts[toAccountNumber("dlive:otter")]).toMatchObject({
      live: true,
      name: "otter",
      network: { name: "dlive", displayName: "DLive" },
    });
  });

  it("a status comes when it is asked for, and when it has changed", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    statusOf(client);
    const updated = { type: "connection.updated", platform: "twitch", data: STREAM } as const;
    on.happens([updated]);
    expect(client.hears()).toEqual([]);
    on.change("demo", { connections: [{ ...STREAM, live: false }] });
    on.happens([{ ...updated, data: { ...STREAM, live: false } }]);
    expect(client.hears()).toMatchObject([{ type: "status", status: { data_pushing: false } }]);
  });

  const updated = (data: typeof STREAM) =>
    ({ type: "connection.updated", platform: "twitch", data }) as const;

  it("that is not asked for comes at the stream's start and end", ({ expect }) => {
    const on = room(["dlive:otter", { platform: "dlive", live: null }]);
    const client = on.join(everything);
    for (const live of [false, true]) {
      on.change("demo", { stream: { live, since: null, viewers: null } });
      on.happens([
        { type: live ? "stream.online" : "stream.offline", platform: "dlive", data: {} },
      ]);
      expect(client.hears()).toMatchObject([{ type: "status", status: { data_pushing: live } }]);
    }
  });

  it("that is not asked for does not come when another link is cut and comes back", ({
    expect,
  }) => {
    const on = room();
    const client = on.join(everything);
    statusOf(client);
    const lost = { ...STREAM, status: "connecting" as const, reason: "silent", ready: false };
    for (const now of [lost, { ...lost, reason: "socket_closed" }, { ...STREAM, uuid: "u-2" }]) {
      on.change("demo", { connections: [now, OTHER] });
      on.happens([updated(now)]);
      expect(client.hears()).toEqual([]);
    }
  });

  it("that is not asked for comes when there is an account more, or one less", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    statusOf(client);
    const another = linked("dlive:heron", { platform: "dlive", live: null });
    // One that is dialled again meanwhile is shown as it was, and nothing is told of its return.
    const lost = { ...STREAM, status: "connecting" as const, ready: false };
    on.change("demo", { connections: [lost, OTHER, another] });
    on.happens([updated(another)]);
    const [status] = client.hears<{ accounts: Listed }>();
    expect(status?.accounts[toAccountNumber("dlive:heron")]).toMatchObject({ live: true });
    expect(status?.accounts["14"]).toMatchObject({ live: true, writable: true });
    on.change("demo", { connections: [STREAM, OTHER, another] });
    on.happens([updated(STREAM)]);
    expect(client.hears()).toEqual([]);
    on.change("demo", { connections: [STREAM, OTHER] });
    const gone = { identifier: "dlive:heron", uuid: another.uuid };
    on.happens([{ type: "connection.closed", platform: "dlive", data: gone }]);
    expect(client.hears()).toMatchObject([{ type: "status" }]);
  });

  it("that is not asked for comes to whom an account was shown as lost, once it is back", ({
    expect,
  }) => {
    const on = room();
    const client = on.join(everything);
    const lost = { ...STREAM, status: "connecting" as const, ready: false };
    on.change("demo", { connections: [lost] });
    expect(statusOf(client)).toMatchObject({ status: { data_pushing: false } });
    on.happens([updated(lost)]);
    expect(client.hears()).toEqual([]);
    on.change("demo", { connections: [STREAM] });
    on.happens([updated(STREAM)]);
    expect(client.hears()).toMatchObject([{ status: { data_pushing: true } }]);
  });

  it("that is not asked for comes when an account needs its owner", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    const broken = { ...OTHER, live: true, status: "error" as const, reason: "token_invalid" };
    on.change("demo", { connections: [STREAM, { ...OTHER, live: true }] });
    on.happens([updated({ ...OTHER, live: true })]);
    expect(client.hears()).toHaveLength(1);
    on.change("demo", { connections: [STREAM, broken] });
    on.happens([updated(broken)]);
    expect(client.hears()).toMatchObject([{ accounts: { "17": { writable: false } } }]);
  });

  it("says how the stream was last said to be fed", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    on.happens([
      { type: "stream.status", platform: "multistreamer", data: { incoming: true, pulling: true } },
    ]);
    expect(client.hears()).toMatchObject([{ status: { data_pulling: true, data_incoming: true } }]);
  });

  it("hides from who may not write that accounts can be written to", ({ expect }) => {
    const { accounts } = statusOf(room().join(reader));
    expect(accounts["14"]).toMatchObject({ ready: true, live: true, writable: false });
    expect(accounts["17"]).toMatchObject({ writable: false });
    expect(accounts["0"]).toMatchObject({ writable: true });
  });
});

describe("the number of an account", () => {
  it("is the one that a multistreamer gave, and else made of the connection's name alone", ({
    expect,
  }) => {
    expect(toAccountNumber("multistreamer:14")).toBe(14);
    expect(toAccountNumber("dlive:otter")).toBe(toAccountNumber("dlive:otter"));
    const names = Array.from({ length: 2000 }, (_, at) => `restream:5-twitch-${at}`);
    const numbers = [...names, "multistreamer:0", "multistreamer:4294967297"].map(toAccountNumber);
    expect(new Set(numbers).size).toBe(2002);
    for (const number of numbers) {
      expect(number).toBeGreaterThan(2 ** 32 - 1);
      expect(String(number)).toMatch(/^[1-9]\d{9,14}$/);
    }
  });
});

describe("what is said on a network", () => {
  it("comes as text, with the words, their markdown, who said it, and when", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    const text = "here's a message from twitch Kappa <b> http://a.example/x_y";
    const at = text.indexOf("Kappa");
    const span = { start: at, end: at + 5, fragment: { type: "emote" as const, image: KAPPA } };
    const draft = said(text);
    on.happens([
      {
        ...draft,
        data: {
          user: { ...draft.data.user, avatar: "https://cdn.example/p.png" },
          message: makeMessage("m-1", splitAtSpans(text, [span])),
        },
      },
    ]);
    expect(client.hears()).toEqual([
      {
        type: "text",
        stream_id: 21,
        account_id: 14,
        network: "twitch",
        text,
        markdown:
          String.raw`here's a message from twitch ![Kappa](${KAPPA}) &lt;b&gt; ` +
          String.raw`[http://a\.example/x\_y](http://a.example/x_y)`,
        timestamp: AT,
        from: { id: "146521877", name: "newt_on_air", picture: "https://cdn.example/p.png" },
      },
    ]);
  });

  it("comes as emote when it is /me", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    const draft = said("is loving this");
    const { user } = draft.data;
    on.happens([{ ...draft, data: { user, message: { ...draft.data.message, action: true } } }]);
    expect(client.hears()).toMatchObject([{ type: "emote", text: "is loving this" }]);
  });

  it("has a from without an id where nobody knows who it was", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    const draft = said("hi");
    const nobody = { ...draft.data.user, ...identify("twitch", undefined), name: "Anonymous" };
    // As a program posts somebody of whom it knows no id.
    const unknown = { ...nobody, key: "twitch:", id: "" };
    for (const user of [nobody, unknown]) {
      on.happens([{ ...draft, data: { ...draft.data, user } }]);
      expect(client.hears()).toMatchObject([{ from: { name: "Anonymous" } }]);
    }
    expect(JSON.stringify(client.sent)).not.toContain('"id"');
  });

  it("is told of an account that is announced, also where it came by no connection", ({
    expect,
  }) => {
    const on = room();
    const client = on.join(everything);
    const { connectionId: _gone, ...stray } = said("posted");
    on.happens([stray, stray]);
    const [status, first, second] = client.hears();
    const number = toAccountNumber(":twitch");
    expect(status).toMatchObject({ accounts: { [number]: { name: "Twitch", writable: false } } });
    expect([first, second]).toMatchObject([{ account_id: number }, { account_id: number }]);
  });

  it("is not told once it is deleted", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    const draft = said("");
    const { user } = draft.data;
    on.happens([{ ...draft, data: { user, message: { ...draft.data.message, deleted: true } } }]);
    expect(client.hears()).toEqual([]);
  });
});

describe("a viewcount", () => {
  it("a viewcount is answered with what is known", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    on.change("demo", { stream: { live: true, since: null, viewers: 9 } });
    const frame = { type: "viewcountresult", viewer_count: 7, stream_id: 21, account_id: 14 };
    const whole = { ...frame, viewer_count: 9, account_id: 0 };
    expect(client.says({ type: "viewcount" }).hears()).toEqual([whole]);
    on.happens([
      {
        type: "stream.viewers",
        platform: "twitch",
        connectionId: "multistreamer:14",
        data: { count: 7, account: "14" },
      },
    ]);
    expect(client.hears()).toEqual([frame]);
    expect(client.says({ type: "viewcount" }).hears()).toEqual([frame]);
  });
});

describe("a writer", () => {
  const asked = { type: "writer", account_id: 17, cur_stream_account_id: 14 };
  const result = { type: "writerresult", account_id: 17, cur_stream_account_id: 14 };

  it("is granted to who asked", ({ expect }) => {
    const on = room();
    const [asker, other] = [on.join(everything), on.join(everything)];
    expect(asker.says(asked).hears()).toEqual([result]);
    expect(other.hears()).toEqual([]);
  });

  it("the account to write to may come as text", ({ expect }) => {
    const client = room().join(everything);
    expect(client.says({ ...asked, cur_stream_account_id: "14" }).hears()).toEqual([result]);
  });

  it("that cannot be had is not answered at all", ({ expect }) => {
    const on = room(["multistreamer:14", { writable: false }], ["multistreamer:17", {}]);
    const client = on.join(everything);
    client
      .says(asked)
      .says({ ...asked, account_id: 99 })
      .says({ type: "writer" });
    expect(client.hears()).toEqual([]);
    expect(room().join(reader).says(asked).hears()).toEqual([]);
  });
});

describe("what a client says", () => {
  const words = { type: "text", account_id: 14, cur_stream_account_id: 14, text: "Sending!!!" };

  it("goes out as a send, by the account that is named", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    client.says(words);
    client.says({ ...words, type: "emote", account_id: 17, cur_stream_account_id: "14" });
    const about = { sendId: null, to: ["multistreamer:14"], sender: "c-1" };
    expect(on.sends).toEqual([
      { ...about, content: { kind: "chat", style: "text", text: "Sending!!!" } },
      {
        ...about,
        content: { kind: "chat", style: "emote", text: "Sending!!!", as: "multistreamer:17" },
      },
    ]);
    expect(client.hears()).toEqual([]);
  });

  it("in the internal room is an event of the channel, which all of its clients hear", ({
    expect,
  }) => {
    const on = room();
    const [sender, other] = [on.join(everything), on.join(reader)];
    sender.says({ ...words, account_id: 0, cur_stream_account_id: 0, text: "an IRC message" });
    const frames = sender.hears();
    expect(frames).toEqual([
      {
        type: "text",
        stream_id: 21,
        account_id: 0,
        network: "irc",
        text: "an IRC message",
        markdown: "an IRC message",
        timestamp: AT,
        from: { id: expect.any(Number), name: "john" },
      },
    ]);
    expect(other.hears()).toEqual(frames);
    expect(on.log).toMatchObject([
      { type: "chat.message", provider: "multistreamer", platform: "irc" },
    ]);
    expect(on.sends).toEqual([]);
  });

  it("after /irc is said in the internal room, whichever account was meant", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    client.says({ ...words, text: "/irc hello  there" });
    expect(client.hears()).toMatchObject([{ account_id: 0, text: "hello  there" }]);
    expect(on.sends).toEqual([]);
  });

  it("what is said to us without the right to is passed over without a word", ({ expect }) => {
    const on = room();
    const client = on.join(reader);
    for (const text of ["hi", "/irc hi", "/msg john hi"]) client.says({ ...words, text });
    client.says({ ...words, account_id: 0 });
    expect([client.hears(), on.sends, on.log, client.closed]).toEqual([[], [], [], null]);
  });

  it("to an account that is not there is lost without a word", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    client.says({ ...words, cur_stream_account_id: 99 }).says({ type: "text", text: "nowhere" });
    expect([client.hears(), on.sends, client.closed]).toEqual([[], [], null]);
  });
});

describe("a private message", () => {
  const john = everything;
  const test = { ...everything, credentialId: "c-2", subject: "u-2", name: "test" };
  const third = { ...everything, credentialId: "c-3", subject: "u-3", name: "third" };
  const whisper = {
    type: "text",
    account_id: 0,
    cur_stream_account_id: 0,
    text: "/msg john hey ban this guy",
  };

  it("a private message comes back to who sent it, if there is whom it is for", ({ expect }) => {
    const on = room();
    const [sender, again] = [on.join(test), on.join(test)];
    const [receiver, twice, other] = [on.join(john), on.join(john), on.join(third)];
    sender.says(whisper);
    const frames = receiver.hears();
    expect(frames).toEqual([
      {
        type: "text",
        account_id: 0,
        network: "irc",
        from: { id: expect.any(Number), name: "test" },
        to: { id: expect.any(Number), name: "john" },
        text: "hey ban this guy",
        markdown: "hey ban this guy",
        timestamp: AT,
      },
    ]);
    for (const each of [sender, again, twice]) expect(each.hears()).toEqual(frames);
    expect(other.hears()).toEqual([]);
  });

  it("is in no log: whoever may read the channel is not whom it is for", ({ expect }) => {
    const on = room();
    on.join(john);
    on.join(test).says(whisper);
    expect(on.log).toEqual([]);
  });

  it("to somebody who is not there is sent to nobody, and nobody is told", ({ expect }) => {
    const on = room();
    const sender = on.join(test).says(whisper);
    expect([sender.hears(), sender.closed]).toEqual([[], null]);
  });

  it("to oneself comes once", ({ expect }) => {
    const on = room();
    const client = on.join(john).says(whisper);
    expect(client.hears()).toHaveLength(1);
  });

  it("that came by a provider is told to all of the channel, who are its owner's", ({ expect }) => {
    const on = room();
    const client = on.join(reader);
    const draft = said("psst", { platform: "irc", connectionId: "multistreamer:14" });
    const to = { key: "irc:1", id: "1", name: "john" };
    const { user } = draft.data;
    on.happens([{ ...draft, data: { user, message: { ...draft.data.message, to } } }]);
    const [frame] = client.hears();
    expect(frame).toMatchObject({ from: { id: 146521877 }, to: { id: 1, name: "john" } });
    expect(frame).not.toHaveProperty("stream_id");
  });
});
