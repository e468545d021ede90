import { followMultistreamer } from "./support/follow.ts";
import { it } from "./support/it.ts";

const wanted = { type: "writer", account_id: 18, cur_stream_account_id: 12 };
const granted = { type: "writerresult", account_id: 18, cur_stream_account_id: 12 };

it("grants a writer, and tells all sockets of the user who asked", async ({
  expect,
  multistreamer,
}) => {
  await multistreamer.do({ action: "user", token: "guest", name: "fogbell" });
  const [asking, second, guest] = [
    await followMultistreamer(multistreamer),
    await followMultistreamer(multistreamer),
    await followMultistreamer(multistreamer, "guest"),
  ];

  asking.send(wanted);

  expect(await asking.next()).toEqual(granted);
  expect(await second.next()).toEqual(granted);
  guest.send({ type: "status" });
  expect(await guest.next()).toMatchObject({ type: "status" });
  expect(multistreamer.truth()).toMatchObject({
    writers: [{ accountId: 18, target: 12 }],
    writerRequests: [{ socket: 1, user: "rivermoss", accountId: 18, target: 12, granted: true }],
    said: [{ kind: "writerresult", key: null, target: "12" }],
  });
});

it("tells everybody on the stream when it is told to", async ({ expect, multistreamer }) => {
  await multistreamer.do([
    { action: "user", token: "guest", name: "fogbell" },
    { action: "knobs", writerAudience: "everybody" },
  ]);
  const asking = await followMultistreamer(multistreamer);
  const guest = await followMultistreamer(multistreamer, "guest");
  asking.send(wanted);
  expect(await guest.next()).toEqual(granted);
});

it("takes the target as a string, as a page sends it, and answers with a number", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  client.send({ ...wanted, cur_stream_account_id: "12" });
  expect(await client.next()).toEqual(granted);
});

it("takes its time to grant a writer, and is not idle meanwhile", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "knobs", writerDelayMs: 60 });
  const startedAtMs = performance.now();

  client.send(wanted);
  await multistreamer.waitFor("writerRequests==1");
  expect(multistreamer.truth()).toMatchObject({
    writers: [],
    writerRequests: [{ granted: false }],
  });
  await multistreamer.waitFor("idle");

  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(59);
  expect(await client.next()).toEqual(granted);
  expect(multistreamer.truth().writerRequests).toMatchObject([{ granted: true }]);
});

it.for([
  ["while none are granted", wanted, { action: "knobs", writer: "never" }],
  ["for an account that there is not", { ...wanted, account_id: 99 }, { action: "speak" }],
  [
    "into an account that the stream is not on",
    { ...wanted, cur_stream_account_id: 18 },
    { action: "speak" },
  ],
  ["into another network", { ...wanted, cur_stream_account_id: 13 }, { action: "speak" }],
  ["into a stream that has ended", wanted, { action: "end" }],
] as const)("says nothing of a writer %s", async ([, frame, before], { expect, multistreamer }) => {
  await multistreamer.do(before);
  const client = await followMultistreamer(multistreamer);
  client.send(frame);
  await multistreamer.waitFor("writerRequests==1");
  client.send({ type: "status" });
  expect(await client.next()).toMatchObject({ type: "status" });
  expect(multistreamer.truth()).toMatchObject({
    writers: [],
    writerRequests: [{ granted: false }],
  });
});

it("loses the writers when the stream ends, when their account leaves, and when it is told to", async ({
  expect,
  multistreamer,
}) => {
  const writer = { action: "writer", accountId: 18, target: 12 } as const;
  for (const loss of [
    { action: "dropWriters" },
    { action: "end" },
    { action: "removeAccount", id: 18 },
  ] as const) {
    await multistreamer.do([{ action: "live" }, writer]);
    expect(multistreamer.truth().writers).toEqual([{ accountId: 18, target: 12 }]);
    await multistreamer.do(loss);
    expect(multistreamer.truth().writers).toEqual([]);
  }
});

it.for([
  [false, false],
  [true, true],
] as const)(
  "calls an account with a writer ready: %s where the knob says %s",
  async ([ready, readyOnceGranted], { expect, multistreamer }) => {
    await multistreamer.do([
      { action: "knobs", readyOnceGranted },
      { action: "writer", accountId: 18, target: 12 },
    ]);
    expect(multistreamer.truth().accounts["18"]?.ready).toBe(ready);
  },
);
