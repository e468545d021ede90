import { describe, it } from "vitest";

import { at, Driven, eventAt, framed } from "./support/session.ts";

describe("a session", () => {
  it("asks for a credential, a ticket and a socket, one after the other", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    expect(session.the("credential-ask")).toMatchObject({ reason: null });
    expect(session.state.shown).toEqual({ name: "connecting", attempt: 1, via: "socket" });
    const id = session.state.last;
    session.take({ type: "credential-got", id, lastsMs: null });
    session.the("ticket-ask");
    session.take({ type: "ticket-got", id });
    expect(session.the("socket-open")).toMatchObject({ via: "socket", after: null, rewind: null });
    session.take({ type: "frame", id, frame: { type: "hello", position: at(7) } });
    expect(session.state.shown).toEqual({ name: "live" });
    expect(session.state.position).toBe(at(7));
  });

  it("gives each event once and in order, whatever a connection sends twice", ({ expect }) => {
    const session = Driven.live(0).frame(framed(0, 3)).frame(framed(0, 3)).frame(framed(1, 5));
    expect(session.given()).toEqual([1, 2, 3, 4, 5].map((seq) => at(seq)));
    expect(session.state.position).toBe(at(5));
  });

  it("moves its place by a frame that the filter has left nothing of", ({ expect }) => {
    const session = Driven.live(0).frame({ ...framed(0, 9), events: [] });
    expect(session.state.position).toBe(at(9));
  });

  it("resumes after its place when it was cut", ({ expect }) => {
    const session = Driven.live(0)
      .frame(framed(0, 4))
      .close(1006)
      .take({ type: "timer", name: "retry" });
    const id = session.state.last;
    session.take({ type: "credential-got", id, lastsMs: null }, { type: "ticket-got", id });
    expect(session.the("socket-open").after).toBe(at(4));
    session.take({ type: "frame", id, frame: { type: "hello", position: at(6) } });
    expect(session.state.shown).toEqual({ name: "replaying", behind: 2 });
    session.frame({ ...framed(4, 6), events: [eventAt(5), eventAt(6)] });
    expect(session.state.shown).toEqual({ name: "live" });
  });
});
