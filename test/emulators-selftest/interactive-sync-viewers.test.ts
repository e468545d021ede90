import { createHmac } from "node:crypto";

import { followInteractiveSync, userInterface } from "./support/follow.ts";
import { it } from "./support/it.ts";

const channelId = "620441700";
const secret = Buffer.from("a secret of the tests").toString("base64");

function token(claims: object, key = secret): string {
  const parts = [
    { alg: "HS256", typ: "JWT" },
    { channel_id: channelId, ...claims },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const hmac = createHmac("sha256", Buffer.from(key, "base64")).update(text.join("."));
  return `Bearer ${[...text, hmac.digest("base64url")].join(".")}`;
}

const anonymous = token({ opaque_user_id: "A1" });
const named = token({ opaque_user_id: "U2", user_id: channelId });

async function call(httpUrl: string, path: string, authorization: string, body?: unknown) {
  const post = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(httpUrl + path, {
    headers: { authorization },
    ...(body === undefined ? {} : post),
  });
  return { status: response.status, answer: (await response.json()) as unknown };
}

const shown = {
  id: "1",
  panel: { components: [{ type: "button", name: "open-door", cooldown: { broadcast: false } }] },
  video_overlay: {
    mouse: [{ type: "mousedown", cooldown: { limit: 1 } }],
    top: { components: [{ type: "button", name: "ring-bell" }] },
  },
};
const press = { id: "open-door", view: "panel" };
const cooldown = { duration: 10_000, broadcast: true };

it("says to the game what a viewer presses, and answers with the cooldown", async ({
  expect,
  interactiveSync,
}) => {
  const game = await followInteractiveSync(interactiveSync);
  game.send(userInterface(shown));
  await game.take(1);

  const bell = { id: "ring-bell", view: "video_overlay", values: { say: "ding" } };
  const pressed = await call(interactiveSync.httpUrl, "/action/input", named, bell);

  expect(pressed).toEqual({ status: 200, answer: cooldown });
  expect(await game.next()).toMatchObject({
    data: { type: "input", payload: { ...bell, username: "RiverMoss" } },
  });
  const { broadcasts, calls, said } = interactiveSync.truth();
  expect(said).toMatchObject([{ kind: "input", text: "ding" }]);
  expect(calls).toMatchObject([{ path: "/action/input", channelId, status: 200 }]);
  expect(broadcasts.at(-1)?.message).toEqual({
    type: "input",
    data: { actionId: "ring-bell", actionCooldown: cooldown },
  });
});

it("blocks a viewer who presses again, and others where all are blocked", async ({
  expect,
  interactiveSync,
}) => {
  const game = await followInteractiveSync(interactiveSync);
  game.send(userInterface(shown));
  await game.take(1);
  const { httpUrl } = interactiveSync;
  const bell = { id: "ring-bell", view: "video_overlay" };
  const [third, fourth] = ["A3", "A4"].map((opaque) => token({ opaque_user_id: opaque }));

  expect(await call(httpUrl, "/action/input", anonymous, press)).toMatchObject({ status: 200 });
  expect(await call(httpUrl, "/action/input", anonymous, press)).toEqual({
    status: 429,
    answer: {
      statusCode: 429,
      error: "Too Many Requests",
      message: "You trying to bypass the cooldown. Shame.",
    },
  });
  expect(await call(httpUrl, "/action/input", named, press)).toMatchObject({ status: 200 });
  expect(await call(httpUrl, "/action/input", third ?? "", bell)).toMatchObject({ status: 200 });
  expect(await call(httpUrl, "/action/input", fourth ?? "", bell)).toMatchObject({ status: 406 });

  const { answer } = await call(httpUrl, "/action/query", anonymous);
  expect(answer).toEqual({ "ring-bell": expect.any(Number) as number });
  expect((await game.take(3)).join()).toContain("ring-bell");
});

it("passes on a mouse whatever its numbers are, and at most as many as the game allows", async ({
  expect,
  interactiveSync,
}) => {
  const game = await followInteractiveSync(interactiveSync);
  game.send(userInterface(shown));
  await game.take(1);
  const { httpUrl } = interactiveSync;
  const mouse = { type: "mousedown", clientWidth: 99_999, clientHeight: -1, clientX: "abc" };

  const moved = await call(httpUrl, "/action/mouse", anonymous, mouse);
  expect(moved).toEqual({ status: 200, answer: { ...mouse, username: null } });
  expect(await game.next()).toMatchObject({
    data: { type: "mousedown", payload: { ...mouse, username: null } },
  });
  expect(await call(httpUrl, "/action/mouse", anonymous, mouse)).toMatchObject({ status: 429 });
  expect(await call(httpUrl, "/action/mouse", named, mouse)).toMatchObject({ status: 406 });
});

it.for([
  ["with no token", "", press, 401, "Invalid authorization header"],
  ["with a token that is none", "Bearer x", press, 401, "Invalid JWT"],
  [
    "with another secret's token",
    token({ opaque_user_id: "A1" }, "b3RoZXI="),
    press,
    401,
    "Invalid JWT",
  ],
  [
    "for a view that is none",
    anonymous,
    { ...press, view: "moon" },
    400,
    "Invalid request payload input",
  ],
  [
    "with five values",
    anonymous,
    { ...press, values: { a: "", b: "", c: "", d: "", e: "" } },
    400,
    "Invalid request payload input",
  ],
  [
    "for what is not shown",
    anonymous,
    { ...press, id: "gone" },
    403,
    "This ID doesn't exist in the user interface.",
  ],
] as const)(
  "refuses a press %s",
  async ([, authorization, body, status, message], { expect, interactiveSync }) => {
    await interactiveSync.do({ action: "knobs", viewerSecret: secret });
    const game = await followInteractiveSync(interactiveSync);
    game.send(userInterface(shown));
    await game.take(1);

    const { httpUrl } = interactiveSync;
    const refused = await call(httpUrl, "/action/input", authorization, body);

    expect(refused).toMatchObject({ status, answer: { statusCode: status, message } });
    expect(interactiveSync.truth().saidCount).toBe(0);
  },
);

it("shows viewers the interface, nothing before the first, and an empty one after a disconnect", async ({
  expect,
  interactiveSync,
}) => {
  const query = async () =>
    (await call(interactiveSync.httpUrl, "/user/interface/query", anonymous)).answer;
  expect(await query()).toBeNull();

  const game = await followInteractiveSync(interactiveSync);
  game.send(userInterface({ id: "1" }));
  await game.take(1);
  expect(await query()).toMatchObject({ id: "1", config: { ripple: true } });

  game.socket.close();
  await interactiveSync.waitFor("broadcasts>=2");
  expect(await query()).toEqual({});
});
