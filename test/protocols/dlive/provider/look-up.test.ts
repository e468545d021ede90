import { describe, it } from "vitest";

import { lookUp } from "../../../../src/protocols/dlive/provider/look-up.ts";

const namedIn = (streamer: string): unknown => {
  const request = lookUp.due({ streamer }, "ws://127.0.0.1:7/");
  if (request === null) return null;
  return (JSON.parse(request.body ?? "") as { variables: { displayname: string } }).variables
    .displayname;
};

const answer = (data: unknown, status = 200) =>
  lookUp.answered({ streamer: "" }, { status, body: JSON.stringify({ data }) });

describe("a streamer", () => {
  it.for([
    ["https://dlive.tv/River", "River"],
    ["dlive.tv/River/", "River"],
    ["https://www.dlive.tv/River?ref=1", "River"],
    ["https://dlive.tv/Ri%C3%B6er", "Riöer"],
    ["https://dlive.tv/100%", "100%"],
    ["dbl-lee", null],
    ["https://elsewhere.example/River", null],
    ["https://dlive.tv/", null],
  ] as const)("given as %s is looked up as %s", ([streamer, name], { expect }) => {
    expect(namedIn(streamer)).toBe(name);
  });

  it("is asked for on the host that was set by hand, and else at DLive's own", ({ expect }) => {
    const target = { streamer: "dlive.tv/River" };
    expect(lookUp.due(target, "ws://127.0.0.1:7/a")?.url).toBe("http://127.0.0.1:7/");
    expect(new URL(lookUp.due(target, null)?.url ?? "").hostname).toMatch(/dlive\.tv$/);
  });

  it("is known by the username from then on, or is nobody, or was not told of", ({ expect }) => {
    expect(answer({ userByDisplayName: { username: "dlive-1" } })).toEqual({
      ok: true,
      target: { streamer: "dlive-1" },
    });
    expect(answer({ userByDisplayName: null })).toEqual({ ok: false, isUnknown: true });
    for (const [data, status] of [
      [null, 200],
      [{}, 200],
      [{ userByDisplayName: null }, 500],
    ] as const) {
      expect(answer(data, status)).toEqual({ ok: false, isUnknown: false });
    }
  });
});
