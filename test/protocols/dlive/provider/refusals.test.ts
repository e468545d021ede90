import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/dlive/index.ts";
import type { LinkFailure } from "../../../../src/protocols/session.ts";
import { drive, draftsOf, greeted, only } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import handshake from "../frames/handshake.json";
import { samples } from "../samples.ts";

const TOKEN = "dl-4pp-t0ken";

function refuse(
  frame: object,
  credentials: object,
  greeting: readonly object[],
): LinkFailure | null {
  const link = linkTo(samples, { credentials: { ...credentials } });
  const session = greeted(provider.open(link), greeting);
  return only(session.receives(frame), "session-fail")[0]?.failure ?? null;
}

const beforeAck = (frame: object, credentials: object) => refuse(frame, credentials, []);
const afterAck = (frame: object, credentials: object) =>
  refuse(frame, credentials, [handshake.ack]);

describe("a connection_error", () => {
  const { unauthorized, overloaded } = handshake;
  const withToken = { appToken: TOKEN };

  it.for([
    ["before the ack the token is to blame, whatever is said", overloaded, withToken, beforeAck],
    ["before the ack a refused token stops the link", unauthorized, withToken, beforeAck],
    ["after the ack a refused token stops the link", unauthorized, withToken, afterAck],
  ] as const)("%s", ([, frame, credentials, told], { expect }) => {
    expect(told(frame, credentials)).toMatchObject({ remedy: "stop", reason: "token_invalid" });
  });

  it("without a token asks for one, where it says so", ({ expect }) => {
    const missing = { remedy: "stop", reason: "token_missing" };
    expect(beforeAck(unauthorized, {})).toMatchObject(missing);
    expect(afterAck(unauthorized, {})).toMatchObject(missing);
  });

  it("that speaks of no credential is a fault of the moment", ({ expect }) => {
    const moment = { remedy: "retry", reason: "connection_refused" };
    expect(beforeAck(overloaded, {})).toMatchObject(moment);
    expect(afterAck(overloaded, withToken)).toMatchObject(moment);
    expect(afterAck({ type: "connection_error" }, withToken)).toMatchObject({
      ...moment,
      detail: "DLive refused the connection: no reason given",
    });
  });

  it("never repeats the token in what is shown", ({ expect }) => {
    const payload = { message: `token ${TOKEN} has expired` };
    const failure = beforeAck({ type: "connection_error", payload }, withToken);
    expect(failure?.detail).toBe("DLive refused the connection: token [redacted] has expired");
  });

  it("a failure's words are an object, an array of them, or bare text", ({ expect }) => {
    const message = "no such streamer";
    for (const payload of [{ message }, [{ message }], message, [message]]) {
      const told = afterAck({ type: "connection_error", payload }, {});
      expect(told?.detail).toBe(`DLive refused the connection: ${message}`);
      const refused = afterAck({ type: "error", id: "1", payload }, {});
      expect(refused?.detail).toBe(`DLive refused the subscription: ${message}`);
    }
    for (const payload of [null, [], {}, "", { message: 7 }, 7]) {
      const told = afterAck({ type: "error", id: "1", payload }, {});
      expect(told?.detail).toBe("DLive refused the subscription.");
    }
  });

  it("is cut to what a person reads", ({ expect }) => {
    const payload = { message: "no ".repeat(1000) };
    const told = afterAck({ type: "connection_error", payload }, {});
    expect(told?.detail.length).toBeLessThan(250);
  });
});

describe("the end of a subscription", () => {
  it.for(["1", 1, "", null, undefined])(
    "of the stream ends the session: id %j",
    (id, { expect }) => {
      const refused = { ...handshake.streamRefused, id };
      expect(afterAck(refused, {})).toMatchObject({
        remedy: "slow",
        reason: "subscription_refused",
        detail: "DLive refused the subscription: no such streamer",
      });
      const ended = { ...handshake.streamEnded, id };
      expect(afterAck(ended, {})).toMatchObject({ remedy: "retry", reason: "subscription_ended" });
    },
  );

  it("without the chest there is still the chat", ({ expect }) => {
    const ends = [handshake.chestRefused, handshake.chestEnded];
    for (const frame of [...ends, ...ends.map((each) => ({ ...each, id: 2 }))]) {
      const session = greeted(provider.open(linkTo(samples)), [handshake.ack]);
      const [effect, ...more] = session.receives(frame);
      expect(effect).toMatchObject({
        type: "connection-observe",
        connection: { status: "connected", reason: "chest_unavailable", uuid: "dial-1" },
      });
      expect(more).toEqual([]);
      expect(draftsOf(session.receives(chat.Message))).toHaveLength(1);
    }
  });

  it("that is not ours is counted, and no more", ({ expect }) => {
    const session = greeted(provider.open(linkTo(samples)), [handshake.ack]);
    const problem = "error of an operation that is not ours";
    const effects = session.receives({ ...handshake.streamRefused, id: "9" });
    expect(effects).toEqual([{ type: "frame-reject", problem }]);
  });
});

describe("a socket that ends", () => {
  it("is dialled again, and says how it ended", ({ expect }) => {
    expect(provider.closed({ code: 1000, reason: "terminated" })).toEqual({
      remedy: "retry",
      reason: "socket_closed",
      detail: "DLive closed the socket (1000, terminated).",
    });
    // As much as a close frame holds: what is cut could be half of a secret, which nobody knows.
    const { detail } = provider.closed({ code: 1011, reason: "x".repeat(123) });
    expect(detail).toBe(`DLive closed the socket (1011, ${"x".repeat(123)}).`);
    expect(provider.closed({ code: 1006, reason: "" }).detail).toBe(
      "DLive closed the socket (1006).",
    );
  });

  it("takes no memory of its own into the next", ({ expect }) => {
    const first = greeted(provider.open(linkTo(samples)), samples.greeting);
    first.receives(handshake.chestRefused);
    const next = drive(provider.open(linkTo(samples, { dialId: "dial-2" })));
    next.opened();
    const [observed] = only(next.receives(handshake.ack), "connection-observe");
    expect(observed?.connection).toMatchObject({ uuid: "dial-2", reason: null });
  });
});
