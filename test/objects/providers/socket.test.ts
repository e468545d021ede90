import { describe, it } from "vitest";

import { ProviderSocket } from "../../../src/objects/providers/socket.ts";
import { startSession, type ProviderEffect } from "../../../src/protocols/session.ts";

/** A socket with a session that makes an event of each frame, and sees a connection in it. */
function open() {
  const { 0: ours, 1: theirs } = new WebSocketPair();
  const heard: ProviderEffect["type"][] = [];
  let told: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    told = resolve;
  });
  const session = startSession<null, ProviderEffect>((state, input) => {
    if (input.type !== "frame-received") return { state, effects: [] };
    const effects: ProviderEffect[] = [
      { type: "events-observe", drafts: [] },
      { type: "connection-drop", uuid: input.frame, reason: "removed", final: true },
    ];
    return { state, effects };
  }, null);
  const socket = new ProviderSocket("dial-1", ours, session, {
    perform: (_socket, effect) => heard.push(effect.type),
    reject: () => {},
    over: told,
  });
  theirs.accept();
  socket.open();
  return { socket, theirs, heard, over };
}

describe("a provider's socket whose place another has taken", () => {
  it("tells of what was on its way, and of nothing but events", async ({ expect }) => {
    const { socket, theirs, heard, over } = open();
    theirs.send("late");
    socket.leave();
    expect(heard).toEqual([]);
    theirs.addEventListener("close", () => theirs.close(1000, ""));
    await over;
    expect(heard).toEqual(["events-observe"]);
  });

  it("tells of nothing where it was hung up instead", async ({ expect }) => {
    const { socket, theirs, heard } = open();
    const closed = new Promise((resolve) => {
      theirs.addEventListener("close", resolve);
    });
    theirs.send("late");
    socket.hangUp();
    await closed;
    expect(heard).toEqual([]);
  });
});
