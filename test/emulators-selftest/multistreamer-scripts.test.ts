import { it } from "vitest";

import { startEmulator } from "../emulators/index.ts";
import { Client } from "./support/client.ts";
import { followMultistreamer, multistreamerUrl } from "./support/follow.ts";

async function play(script: string, atEnd: (close: () => Promise<void>) => void) {
  const emulator = await startEmulator("multistreamer", { script, seed: 11 });
  atEnd(() => emulator.close());
  return emulator;
}

it("refuses every dial in refused", async ({ expect, onTestFinished }) => {
  const multistreamer = await play("refused", onTestFinished);
  await multistreamer.waitFor("idle");
  for (const token of ["one", "another"]) {
    const { statusCode } = await new Client(multistreamerUrl(multistreamer, token)).refused;
    expect(statusCode).toBe(403);
  }
});

it("cuts whoever is there when refused begins", async ({ expect, onTestFinished }) => {
  const multistreamer = await play("quiet", onTestFinished);
  const client = await followMultistreamer(multistreamer);
  await multistreamer.do({ action: "script", name: "refused" });
  expect(await client.closed).toMatchObject({ code: 1006 });
});

it("goes on talking in writer-never-granted, and grants none", async ({
  expect,
  onTestFinished,
}) => {
  const multistreamer = await play("writer-never-granted", onTestFinished);
  const client = await followMultistreamer(multistreamer);
  client.send({ type: "writer", account_id: 18, cur_stream_account_id: 12 });
  await multistreamer.waitFor("writerRequests==1");
  await multistreamer.waitFor("said>=2");
  expect(multistreamer.truth()).toMatchObject({
    writers: [],
    writerRequests: [{ granted: false }],
  });
});

it("ends and begins in status-flapping, again and again, with a message between", async ({
  expect,
  onTestFinished,
}) => {
  const multistreamer = await play("status-flapping", onTestFinished);
  const client = await followMultistreamer(multistreamer);

  const frames = (await client.take(13)).map(
    (frame) => JSON.parse(frame) as Record<string, object>,
  );

  const accounts = frames.slice(0, 12).map((frame) => Object.keys(frame["accounts"] ?? {}).length);
  expect(accounts).toEqual([1, 4, 3, 4, 1, 4, 1, 4, 1, 4, 1, 4]);
  expect(frames[12]).toMatchObject({ type: "text", text: "Here again: 1" });
});
