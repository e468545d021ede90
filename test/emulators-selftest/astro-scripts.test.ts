import { it } from "vitest";

import { expandSaid, startEmulator } from "../emulators/index.ts";
import {
  ask,
  chatTopic,
  followAstro,
  subscribe,
  takeFrames,
  takeOver,
  takeUntil,
} from "./support/astro.ts";
import { Client } from "./support/client.ts";

it("refuses tips for good and session updates twice in topic-refused, and plays on", async ({
  expect,
  onTestFinished,
}) => {
  const astro = await startEmulator("astro", { script: "topic-refused" });
  onTestFinished(() => astro.close());
  const client = new Client(astro.url);
  await client.take(1);

  const errors: (string | undefined)[] = [];
  for (const topic of ["channel.tips", ...Array<string>(3).fill("channel.session.update")]) {
    errors.push((await ask(client, subscribe(topic))).error);
  }

  expect(errors).toEqual([
    "err_unauthorized",
    "rate_limit_exceeded",
    "rate_limit_exceeded",
    undefined,
  ]);
  await ask(client, subscribe("channel.stream.status"));
  expect(await client.next()).toMatchObject({ type: "message" });
});

it("lets a token expire in token-expired, and goes on with a new one", async ({
  expect,
  onTestFinished,
}) => {
  const astro = await startEmulator("astro", { script: "token-expired" });
  onTestFinished(() => astro.close());
  const client = await followAstro(astro);
  await client.closed;
  const again = new Client(astro.url);
  await again.take(1);

  expect((await ask(again, subscribe(chatTopic))).error).toBe("err_unauthorized");
  await ask(again, subscribe(chatTopic, { token: "new-token" }));

  expect((await again.take(1))[0]).toContain("A new token is good.");
  expect((await astro.waitFor("idle")).saidCount).toBe(4);
});

it("brings a client that goes where it is told through the first burst of reconnect-mid-burst", async ({
  expect,
  onTestFinished,
}) => {
  const astro = await startEmulator("astro", { script: "reconnect-mid-burst" });
  onTestFinished(() => astro.close());
  const old = await followAstro(astro);
  await astro.waitFor("reconnects==1");
  const client = await takeOver(astro);
  await astro.waitFor("said==1000");
  await astro.do([{ action: "stopScript" }, { action: "endOldSockets" }]);
  await old.closed;
  const said = expandSaid(astro.truth().said).map(({ key }) => key);
  await astro.do({ action: "chat", text: "the end" });

  const onOld = await takeFrames(old, old.received - 2);
  const onNew = await takeUntil(client, "the end");
  const heard = new Set(
    [...onOld, ...onNew].filter(({ type }) => type === "message").map(({ id }) => id),
  );
  expect(heard).toEqual(new Set(said));
});
