import type { EmulatorOf } from "../emulators/index.ts";
import type { Client } from "./support/client.ts";
import { followMultistreamer } from "./support/follow.ts";
import { it } from "./support/it.ts";

interface Status {
  readonly type: "status";
  readonly status: Readonly<Record<string, boolean>>;
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const twitch = { name: "twitch", displayName: "Twitch" };
const flowing = { data_pushing: true, data_pulling: false, data_incoming: true };
const still = { data_pushing: false, data_pulling: false, data_incoming: false };

async function ask(client: Client): Promise<Status> {
  client.send({ type: "status" });
  return nextStatus(client);
}

async function nextStatus(client: Client): Promise<Status> {
  return (await client.next()) as Status;
}

/** As plain JSON: what the wire can carry. */
function accountsOf(multistreamer: EmulatorOf<"multistreamer">): unknown {
  return JSON.parse(JSON.stringify(multistreamer.truth().accounts));
}

it("tells every account under its number, and the internal room under 0", async ({
  expect,
  multistreamer,
}) => {
  const { type, status, accounts } = await ask(await followMultistreamer(multistreamer));

  expect([type, status]).toEqual(["status", flowing]);
  expect(accounts).toEqual({
    "0": {
      name: "rivermoss",
      network: { name: "irc", displayName: "IRC" },
      live: false,
      writable: true,
      ready: true,
    },
    "12": {
      name: "rivermoss",
      network: twitch,
      live: true,
      writable: true,
      ready: true,
      http_url: "https://twitch.example/rivermoss",
    },
    "13": {
      name: "RiverMoss",
      network: { name: "youtube", displayName: "YouTube" },
      live: true,
      writable: true,
      ready: true,
      http_url: "https://youtube.example/RiverMoss",
    },
    "18": { name: "rivermoss_crew", network: twitch, live: false, writable: true, ready: false },
  });
  expect(accountsOf(multistreamer)).toEqual(accounts);
});

it("answers only the one who asked, and calls the answer no occurrence", async ({
  expect,
  multistreamer,
}) => {
  const [one, other] = [
    await followMultistreamer(multistreamer),
    await followMultistreamer(multistreamer),
  ];
  await ask(one);
  await multistreamer.do({ action: "chat", text: "to both" });
  expect(await other.next()).toMatchObject({ text: "to both" });
  expect(multistreamer.truth()).toMatchObject({ saidCount: 1, repeats: 0 });
  await multistreamer.waitFor("statusRequests==3");
});

it("tells only of the room when the stream ends, and of all when it goes live again", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);

  await multistreamer.do({ action: "end" });
  const ended = await nextStatus(client);
  expect([ended.status, Object.keys(ended.accounts)]).toEqual([still, ["0"]]);
  expect(accountsOf(multistreamer)).toEqual(ended.accounts);
  await multistreamer.do({ action: "live", pulling: true, incoming: false });

  const live = await nextStatus(client);
  expect(live.status).toEqual({ data_pushing: true, data_pulling: true, data_incoming: false });
  expect(Object.keys(live.accounts)).toEqual(["0", "12", "13", "18"]);
  expect(multistreamer.truth().said).toMatchObject([
    { kind: "status", key: null },
    { kind: "status", key: null },
  ]);
});

it("tells of an account that appears, changes and leaves", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);

  await multistreamer.do([
    { action: "account", id: 21, network: "youtube", name: "otters", httpUrl: "https://o.example" },
    { action: "account", id: 21, live: true, writable: false, ready: true },
    { action: "removeAccount", id: 21 },
  ]);

  const told = [await nextStatus(client), await nextStatus(client), await nextStatus(client)];
  const common = { name: "otters", http_url: "https://o.example" };
  const [appeared, changed, left] = told.map(({ accounts }) => accounts["21"]);
  expect(appeared).toMatchObject({ ...common, live: false, writable: true, ready: false });
  expect(changed).toMatchObject({ ...common, live: true, writable: false, ready: true });
  expect(left).toBeUndefined();
  await multistreamer.waitFor("accounts==4");
});

it("lists an account of the user only where the stream goes out to its network", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "knobs", statusPushes: "start-and-end" },
    { action: "account", id: 22, network: "facebook" },
  ]);
  expect(Object.keys((await ask(client)).accounts)).not.toContain("22");

  await multistreamer.do({ action: "account", id: 23, network: "facebook", of: "stream" });

  const { accounts } = await ask(client);
  expect(accounts["22"]).toMatchObject({ live: false, writable: false });
  expect(accounts["23"]).toMatchObject({ live: true, writable: false, ready: true });
});

it("hides from who may only read that he cannot write, and tells him his own name", async ({
  expect,
  multistreamer,
}) => {
  await multistreamer.do({ action: "user", token: "reader", name: "quietcomet", chatLevel: 1 });
  const { accounts } = await ask(await followMultistreamer(multistreamer, "reader"));
  expect([0, 12, 13, 18].map((id) => accounts[id]?.["writable"])).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(accounts["0"]).toMatchObject({ name: "quietcomet" });
  expect(multistreamer.truth().accounts["12"]?.writable).toBe(true);
});

it("repeats a status with exactly the same bytes, whatever has changed since", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do([
    { action: "status" },
    { action: "silence", heartbeats: true },
    { action: "removeAccount", id: 18 },
    { action: "end" },
    { action: "speak" },
    { action: "repeat" },
  ]);
  const [first, second] = await client.take(2);
  expect(second).toBe(first);
  expect(multistreamer.truth()).toMatchObject({ saidCount: 1, repeats: 1 });
});

it("flaps as often as it is told, and is live afterwards", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "flap", times: 4, everyMs: 2 });
  const frames = (await client.take(8)).map((frame) => JSON.parse(frame) as Status);
  expect(frames.map(({ status }) => status["data_pushing"])).toEqual(
    Array.from({ length: 8 }, (_, index) => index % 2 === 1),
  );
  expect(multistreamer.truth().status).toEqual(flowing);
});

it("counts the viewers of each live account for the one who asks", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  const other = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "viewcount", accountId: 13, count: 7 });

  client.send({ type: "viewcount" });

  const counted = {
    type: "viewcountresult",
    stream_id: 31,
    viewer_count: expect.any(Number) as number,
  };
  expect(await client.next()).toEqual({ ...counted, account_id: 13, viewer_count: 7 });
  expect(await client.next()).toEqual({ ...counted, account_id: 12 });
  expect(await client.next()).toEqual({ ...counted, account_id: 13 });
  expect(await other.next()).toEqual({ ...counted, account_id: 13, viewer_count: 7 });
  expect(other.received).toBe(2);
  expect(multistreamer.truth().said[0]).toMatchObject({ kind: "viewcountresult", text: "7" });
});

it("leaves a viewcount unanswered when it is told to", async ({ expect, multistreamer }) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "knobs", answersViewcount: false });
  client.send({ type: "viewcount" });
  expect(await ask(client)).toMatchObject({ type: "status" });
});

it("keeps of the owner what it is not told to change", async ({ expect, multistreamer }) => {
  await multistreamer.do({ action: "user", name: "mossriver" });
  await multistreamer.do({ action: "user", chatLevel: 1 });
  const { users, accounts } = multistreamer.truth();
  expect(users).toEqual([{ id: 1, name: "mossriver", chatLevel: 1 }]);
  expect([accounts["0"]?.name, accounts["12"]?.writable]).toEqual(["mossriver", false]);
});

it("names the accounts there are when one is not", async ({ expect, multistreamer }) => {
  await expect(multistreamer.do({ action: "removeAccount", id: 99 })).rejects.toThrow("12, 13, 18");
  await expect(multistreamer.do({ action: "account", id: 99 })).rejects.toThrow("which network");
});
