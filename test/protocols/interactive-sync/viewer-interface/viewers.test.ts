import { describe, it } from "vitest";

import { Room, type Client } from "../room.ts";

const interfaceOf = (id: string) => ({
  id,
  panel: {
    components: [
      { type: "button", name: "open-sluice", cooldown: { duration: 5000, broadcast: false } },
      { type: "title", name: "heron", label: "Heron", cooldown: { duration: 4000 } },
    ],
  },
  video_overlay: {
    mouse: [{ type: "mousedown", cooldown: { duration: 1500, limit: 2 } }],
    left: { components: [{ type: "button", name: "left-bell" }] },
    top: { components: [{ type: "button", name: "top-bell", cooldown: { duration: "3000" } }] },
  },
});

const press = { id: "open-sluice", view: "panel" };
const bell = { id: "left-bell", view: "video_overlay" };
const mouse = {
  type: "mousedown",
  clientWidth: 1280,
  clientHeight: 720,
  clientX: 640,
  clientY: 360,
};

/** A channel on which something is shown, and its game. */
function shown({ sleeps = false } = {}): { room: Room; game: Client } {
  const room = new Room({ sleeps });
  const game = room.game().shows(interfaceOf("dawn"));
  game.hears();
  return { room, game };
}

function refused(statusCode: number, error: string, message: string) {
  return { status: statusCode, body: { statusCode, error, message } };
}

const NOT_SHOWN = refused(403, "Forbidden", "This ID doesn't exist in the user interface.");
const PAYLOAD = refused(400, "Bad Request", "Invalid request payload input");

describe("a viewer who presses", () => {
  it("is answered with the cooldown, and every game is told", ({ expect }) => {
    const { room, game } = shown({ sleeps: true });
    const other = room.game();
    const values = { boat: "Kingfisher", colours: ["blue", "orange"] };
    const who = { id: "v-9", name: "Reedling" };
    expect(room.calls("POST", "/action/input", { ...press, values }, who)).toEqual({
      status: 200,
      body: { duration: 5000, broadcast: false },
    });
    const told = {
      status: "ok",
      context: "emit",
      message: null,
      data: { type: "input", payload: { ...press, values, username: "Reedling" } },
    };
    expect(game.hears()).toEqual([told]);
    expect(other.hears()).toEqual([told]);
    expect(JSON.stringify(told.data)).toBe(
      JSON.stringify({ type: "input", payload: { ...press, values, username: "Reedling" } }),
    );
    expect(room.drafts).toMatchObject([
      {
        type: "interaction.input",
        platform: "api",
        data: {
          view: "panel",
          component: "open-sluice",
          values,
          user: { key: "api:v-9", id: "v-9", name: "Reedling", anonymous: false },
        },
      },
    ]);
  });

  it("who has not said who it is has no name, and is somebody all the same", ({ expect }) => {
    const { room, game } = shown();
    room.calls("POST", "/action/input", press);
    expect(game.hears()).toMatchObject([{ data: { payload: { username: null } } }]);
    expect(room.drafts[0]?.data).toMatchObject({ user: { id: "v-1", anonymous: true } });
  });

  it("a title is pressed as a button is", ({ expect }) => {
    const { room, game } = shown();
    expect(room.calls("POST", "/action/input", { ...press, view: "mobile" })).toEqual(NOT_SHOWN);
    expect(room.calls("POST", "/action/input", { id: "heron", view: "panel" })).toEqual({
      status: 200,
      body: { duration: 4000, broadcast: true },
    });
    room.at += 3000;
    const top = { id: "top-bell", view: "video_overlay" };
    expect(room.calls("POST", "/action/input", top).status).toBe(200);
    expect(game.hears()).toHaveLength(2);
  });

  it("pauses are looked at before what is pressed", ({ expect }) => {
    const { room } = shown({ sleeps: true });
    const input = (body: object, id = "v-1") => room.calls("POST", "/action/input", body, { id });
    const shame = refused(429, "Too Many Requests", "You trying to bypass the cooldown. Shame.");
    const byAll = refused(406, "Not Acceptable", "Action has been pushed recently, please wait.");
    const byThis = refused(
      406,
      "Not Acceptable",
      "You have pushed this action recently, please wait.",
    );
    expect(input(press).status).toBe(200);
    expect(input({ id: "no-such", view: "panel" })).toEqual(shame);
    expect(input(press, "v-2").status).toBe(200);
    room.at += 2999;
    expect(input(bell)).toEqual(shame);
    room.at += 1;
    expect(input(press)).toEqual(byThis);
    expect(input(bell).status).toBe(200);
    expect(input(bell, "v-3")).toEqual(byAll);
    room.at += 9999;
    expect(input(bell, "v-3")).toEqual(byAll);
    room.at += 1;
    expect(input(bell, "v-3").status).toBe(200);
    expect(input({ id: "no-such", view: "panel" }, "v-4")).toEqual(NOT_SHOWN);
  });

  it("blocks for everybody, which pages are pushed and may ask for", ({ expect }) => {
    const { room } = shown({ sleeps: true });
    const page = room.viewer();
    page.hears();
    room.calls("POST", "/action/input", press);
    expect(page.hears()).toEqual([]);
    room.calls("POST", "/action/input", bell, { id: "v-2" });
    expect(page.hears()).toEqual([
      { type: "input", data: { actionId: "left-bell", actionCooldown: 10_000 } },
    ]);
    const until = room.at + 10_000;
    expect(room.calls("GET", "/action/query")).toEqual({
      status: 200,
      body: { "left-bell": until },
    });
    room.at = until;
    expect(room.calls("GET", "/action/query").body).toEqual({});
  });

  it.for([
    ["no body", ""],
    ["no object", "7"],
    ["no id", { view: "panel" }],
    ["an empty id", { ...press, id: "" }],
    ["an id of 65", { ...press, id: "a".repeat(65) }],
    ["no view", { id: "open-sluice" }],
    ["something that nobody knows", { ...press, force: 1 }],
    ["five values", { ...press, values: { a: "", b: "", c: "", d: "", e: "" } }],
    ["a value of 129 bytes", { ...press, values: { a: "x".repeat(129) } }],
    ["no choice", { ...press, values: { a: [] } }],
    ["a value that is a number", { ...press, values: { a: 1 } }],
    ["a key of 65 bytes", { ...press, values: { [`${"é".repeat(32)}x`]: "" } }],
  ] as const)("what is posted is wrong: %s", ([, body], { expect }) => {
    const { room } = shown();
    expect(room.calls("POST", "/action/input", body)).toEqual(PAYLOAD);
  });

  it("may press what stands in a view only", ({ expect }) => {
    const { room } = shown();
    expect(room.calls("POST", "/action/input", { ...press, view: "moon" })).toEqual(
      refused(
        400,
        "Bad Request",
        "Parameter view is erroned. Must be 'mobile', 'panel' or 'video_overlay'",
      ),
    );
    for (const id of ["__proto__", "constructor", "toString", "mouse"]) {
      expect(room.calls("POST", "/action/input", { id, view: "video_overlay" })).toEqual(NOT_SHOWN);
    }
  });

  it("has nothing to press where nothing is shown", ({ expect }) => {
    const { room, game } = shown();
    game.leaves();
    expect(room.calls("POST", "/action/input", press)).toEqual(NOT_SHOWN);
    expect(room.calls("POST", "/action/mouse", mouse)).toEqual(NOT_SHOWN);
    expect(new Room().calls("POST", "/action/input", press)).toEqual(NOT_SHOWN);
  });

  it("what is posted is looked at before who posts it", ({ expect }) => {
    const room = new Room();
    expect(room.calls("POST", "/action/input", "{").body).toEqual({
      statusCode: 400,
      error: "Bad Request",
      message: "Invalid request payload JSON format",
    });
    expect(room.calls("POST", "/action/input", "[".repeat(9000)).status).toBe(400);
    expect(room.calls("POST", "/action/mouse", "[".repeat(99) + "]".repeat(99)).status).toBe(400);
  });
});

describe("a viewer's mouse", () => {
  it("is told of as it was posted, with who it was", ({ expect }) => {
    const { room, game } = shown({ sleeps: true });
    const payload = { ...mouse, username: "Reedling" };
    expect(room.calls("POST", "/action/mouse", mouse, { name: "Reedling" })).toEqual({
      status: 200,
      body: payload,
    });
    const [emit] = game.hears();
    expect(JSON.stringify(emit)).toBe(
      JSON.stringify({
        status: "ok",
        context: "emit",
        message: null,
        data: { type: "mousedown", payload },
      }),
    );
    expect(room.drafts).toMatchObject([
      { type: "interaction.mouse", data: { button: "down", x: 640, y: 360, width: 1280 } },
    ]);
  });

  it("the mouse is told of whatever its numbers are", ({ expect }) => {
    const { room, game } = shown();
    const wild = { type: "mousedown", clientWidth: 99_999, clientHeight: -1, clientX: "abc" };
    const payload = { ...wild, username: null };
    expect(room.calls("POST", "/action/mouse", wild)).toEqual({ status: 200, body: payload });
    expect(game.hears()).toEqual([
      { status: "ok", context: "emit", message: null, data: { type: "mousedown", payload } },
    ]);
    expect(room.drafts).toMatchObject([{ type: "provider.event" }]);
  });

  it("cannot say by itself who it is", ({ expect }) => {
    const { room } = shown();
    const posing = { ...mouse, username: "HeronWatch" };
    expect(room.calls("POST", "/action/mouse", posing).body).toMatchObject({ username: null });
  });

  it("has a pause of its own, and a limit for all", ({ expect }) => {
    const { room } = shown({ sleeps: true });
    const down = (id: string, type = "mousedown") =>
      room.calls("POST", "/action/mouse", { ...mouse, type }, { id });
    const start = room.at;
    expect(down("a").status).toBe(200);
    expect(down("a")).toEqual(
      refused(429, "Too Many Requests", "Mouse event has reached the limit, please wait."),
    );
    room.at += 500;
    expect(down("b").status).toBe(200);
    expect(room.calls("GET", "/action/query").body).toEqual({ mousedown: [start, start + 500] });
    expect(down("c")).toEqual(
      refused(406, "Not Acceptable", "Too many users use mouse event, please wait."),
    );
    expect(down("c", "mouseup")).toEqual(NOT_SHOWN);
    room.at += 500;
    expect(down("a")).toEqual(
      refused(406, "Not Acceptable", "You have pushed this mouse event recently, please wait."),
    );
    expect(down("c").status).toBe(200);
    room.at += 500;
    expect(down("a").status).toBe(200);
  });

  it.for([
    ["nothing", ""],
    ["a wheel", { ...mouse, type: "wheel" }],
    ["a list", []],
  ] as const)("is none: %s", ([, body], { expect }) => {
    const { room } = shown();
    expect(room.calls("POST", "/action/mouse", body)).toEqual(
      refused(400, "Bad Request", "Parameter type is erroned. Must be 'mousedown' or 'mouseup'"),
    );
  });
});

describe("a viewer's page", () => {
  it("is told what is shown, with all its defaults", ({ expect }) => {
    const room = new Room();
    const query = () => room.calls("GET", "/user/interface/query");
    expect(query()).toEqual({ status: 200, body: null });
    const game = room.game().shows({ id: "dawn" });
    const config = { transparent: false, ripple: true };
    expect(query()).toEqual({ status: 200, body: { id: "dawn", config } });
    game.shows({});
    expect(query()).toEqual({ status: 200, body: null });
    game.leaves();
    expect(query()).toEqual({ status: 200, body: {} });
  });

  it("what there is not is answered with 200", ({ expect }) => {
    const room = new Room();
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/action/input"],
      ["POST", "/action/query"],
      ["DELETE", "/user/interface/query"],
      ["GET", "/nowhere"],
    ] as const) {
      const body = "404 Error! Page Not Found!";
      expect(room.calls(method, path)).toEqual({ status: 200, body });
    }
  });
});

describe("what is blocked", () => {
  it("is forgotten by the minute", ({ expect }) => {
    const { room } = shown();
    for (let viewer = 0; viewer < 100; viewer++) {
      room.calls("POST", "/action/input", press, { id: `v-${viewer}` });
    }
    expect(room.blocked).toBe(201);
    room.at += 60_000;
    room.calls("POST", "/action/input", press);
    expect(room.blocked).toBe(3);
  });

  it("stays blocked when the object comes back", ({ expect }) => {
    const { room } = shown();
    room.calls("POST", "/action/input", bell);
    room.restarts();
    expect(room.calls("POST", "/action/input", bell, { id: "v-2" }).status).toBe(406);
    expect(room.calls("GET", "/action/query").body).toHaveProperty("left-bell");
  });
});
