import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/astro/index.ts";
import { typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import { ROOM, samples, TOKEN } from "../samples.ts";
import {
  CHAT,
  connectionIn,
  failureIn,
  granted,
  open,
  pacedThrough,
  refused,
  sent,
  start,
  TIPS,
  topicsIn,
} from "../session.ts";

describe("a topic that is refused for good", () => {
  it("a topic that is refused leaves the others as they are", ({ expect }) => {
    const session = start();
    session.receives(granted(CHAT));
    const effects = session.receives(refused(TIPS, "err_unauthorized", "invalid scope"));
    expect(failureIn(effects)).toBeUndefined();
    expect(typesOf(effects)).toContain("session-settled");
    expect(connectionIn(effects)).toMatchObject({ status: "connected", reason: "topics_refused" });
    expect(topicsIn(effects)).toEqual({
      [TIPS]: {
        status: "refused",
        reason: "unauthorized",
        detail:
          'StreamElements answered "err_unauthorized invalid scope". Set a token that is valid, ' +
          "of this very channel, and has the scope tips:read.",
      },
      [CHAT]: { status: "subscribed" },
    });
  });

  it("is told of as soon as there is a connection to tell it of", ({ expect }) => {
    const session = start();
    const before = session.receives(refused(TIPS, "err_unauthorized"));
    expect(connectionIn(before)).toBeUndefined();
    const after = session.receives(granted(CHAT));
    expect(connectionIn(after)).toMatchObject({ reason: "topics_refused" });
  });

  it.for([
    ["err_unauthorized", "unauthorized", "scope tips:read"],
    ["err_bad_request", "bad_request", "no such topic"],
    ["invalid_message", "bad_request", "no such topic"],
    ["invalid_message_type", "bad_request", "no such topic"],
    ["err_flooded", "refused", "Look at the target"],
  ] as const)("says what a person can do about it: %s", ([error, reason, advice], { expect }) => {
    const session = start();
    session.receives(granted(CHAT));
    const topics = topicsIn(session.receives(refused(TIPS, error)));
    const told = { status: "refused", reason, detail: expect.stringContaining(advice) as string };
    expect(topics).toMatchObject({ [TIPS]: told });
  });

  it("needs no scope that anybody knows of", ({ expect }) => {
    const session = open({ topics: ["channel.contests", CHAT] });
    session.opened();
    session.receives(granted(CHAT));
    const effects = session.receives(refused("channel.contests", "err_unauthorized"));
    const detail = expect.stringMatching(/valid, and of this very channel\.$/) as string;
    expect(topicsIn(effects)).toMatchObject({ "channel.contests": { detail } });
  });

  it("never repeats the token in what is shown", ({ expect }) => {
    const effects = start().receives(refused(TIPS, "err_bad_request", `${TOKEN} is no token`));
    expect(JSON.stringify(effects)).not.toContain(TOKEN);
    const session = start();
    session.receives(granted(CHAT));
    const told = session.receives(refused(TIPS, TOKEN, `${TOKEN}${"!".repeat(500)}`));
    const text = JSON.stringify(told);
    expect(text).not.toContain(TOKEN);
    expect(text.length).toBeLessThan(1500);
  });
});

describe("all topics refused", () => {
  it("over the token stop the link: only a person can mend it", ({ expect }) => {
    const session = start();
    expect(failureIn(session.receives(refused(TIPS, "err_unauthorized")))).toBeUndefined();
    const effects = session.receives(refused(CHAT, "err_unauthorized"));
    const failure = { remedy: "stop", reason: "token_invalid" };
    expect(failureIn(effects)).toMatchObject(failure);
    expect(typesOf(effects)).not.toContain("session-ready");
    expect(connectionIn(effects)).toMatchObject({
      identifier: `astro:${ROOM}`,
      status: "error",
      reason: "topics_refused",
    });
  });

  it("over anything else stop it as well, and say over what", ({ expect }) => {
    const session = start();
    session.receives(refused(TIPS, "err_unauthorized"));
    expect(failureIn(session.receives(refused(CHAT, "err_bad_request")))).toMatchObject({
      remedy: "stop",
      reason: "topics_refused",
      detail: `StreamElements refuses every topic: ${TIPS} (unauthorized), ${CHAT} (bad_request).`,
    });
  });

  it("go by the link's own name where no room is known", ({ expect }) => {
    const session = open({ topics: [TIPS] });
    session.opened();
    const effects = session.receives(refused(TIPS, "err_unauthorized"));
    expect(connectionIn(effects)?.identifier).toBe("astro:provider-1");
  });

  it("stop a session that was ready, too", ({ expect }) => {
    const session = start();
    session.receives(granted(TIPS));
    session.receives(granted(CHAT));
    const one = session.receives(refused(TIPS, "err_unauthorized"));
    expect(connectionIn(one)).toMatchObject({ status: "connected", reason: "topics_refused" });
    const both = session.receives(refused(CHAT, "err_unauthorized"));
    expect(failureIn(both)).toMatchObject({ remedy: "stop", reason: "token_invalid" });
  });
});

describe("an answer that names nothing", () => {
  it("what refuses without naming anything is meant for the command that waits longest", ({
    expect,
  }) => {
    const session = start();
    const refusal = { type: "response", error: "err_bad_request", data: { message: "no" } };
    session.receives(refusal);
    const effects = session.receives(granted(CHAT));
    expect(topicsIn(effects)).toMatchObject({
      [TIPS]: { status: "refused" },
      [CHAT]: { status: "subscribed" },
    });
    // It was the other's: the topic's own answer, when it comes, is what counts.
    expect(topicsIn(session.receives(granted(TIPS)))).toMatchObject({
      [TIPS]: { status: "subscribed" },
    });
  });

  it("a token refused out of the blue has every topic asked for again", ({ expect }) => {
    const session = start();
    session.receives(granted(TIPS));
    session.receives(granted(CHAT));
    const refusal = { type: "response", error: "err_unauthorized", data: { message: "expired" } };
    const first = sent(session.receives(refusal));
    const asked = [...first, ...pacedThrough(session)].map(({ data }) => data.topic);
    expect(asked).toEqual([TIPS, CHAT]);
    expect(failureIn(session.receives(refusal))).toBeUndefined();
    expect(failureIn(session.receives(refusal))).toMatchObject({ reason: "token_invalid" });
  });

  it("waits for its turn where a command has just been sent", ({ expect }) => {
    const session = open({ topics: [TIPS] });
    session.opened();
    session.receives(granted(TIPS));
    const refusal = { type: "response", error: "err_unauthorized" };
    expect(sent(session.receives(refusal))).toEqual([]);
    expect(sent(session.fires("pace"))).toHaveLength(1);
  });
});

describe("instead of a socket", () => {
  it("too many connections are asked to come back later, and a draining server as well", ({
    expect,
  }) => {
    const busy = { status: 429, retryAfterMs: 2000, body: "" };
    const slow = { remedy: "slow", reason: "rate_limited", retryAfterMs: 2000 };
    expect(provider.refused(busy)).toMatchObject(slow);
    const draining = { remedy: "retry", reason: "provider_down" };
    expect(provider.refused({ status: 502, body: "" })).toMatchObject(draining);
  });

  it("a socket that closes is dialled again", ({ expect }) => {
    expect(provider.closed({ code: 1001, reason: "" })).toEqual({
      remedy: "retry",
      reason: "socket_closed",
      detail: "StreamElements closed the socket (1001).",
    });
    const { detail } = provider.closed({ code: 1008, reason: "bye" });
    expect(detail).toBe("StreamElements closed the socket (1008, bye).");
    expect(provider.secrets(linkTo(samples).credentials)).toEqual([TOKEN]);
  });
});
