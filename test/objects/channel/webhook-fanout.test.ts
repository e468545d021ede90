import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";

import { WebhookObject } from "../../../src/objects/webhook/object.ts";
import { call, makeChannel, postNotes } from "../../support/api.ts";
import { loseHistory } from "../../support/history.ts";
import { delivered, Hook, textsIn, until } from "../../support/hooks.ts";
import { drained, forgetJournal } from "../../support/objects.ts";

const EVERYTHING = { types: [], providers: [], platforms: [], forModerators: true };

describe("a webhook that went without its channel hearing of it", () => {
  it("is forgotten when it is to be handed something", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ epoch: string }>("GET", `/channels/${channel}`);
    const object = env.CHANNEL.getByName(channel);
    await object.attachWebhook(body.epoch, { id: "wh_gone", filter: EVERYTHING, enabled: true });
    expect(await object.webhookIds()).toEqual(["wh_gone"]);
    await postNotes(channel, ["for nobody"]);
    const ids = await until(
      () => object.webhookIds(),
      ({ length }) => length === 0,
    );
    expect(ids).toEqual([]);
  });
});

describe("a webhook that was behind for longer than the log is kept", () => {
  it("has on record what it was not sent, and is sent the rest", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    vi.spyOn(WebhookObject.prototype, "take").mockRejectedValue(new Error("away"));
    await postNotes(channel, ["a"]);
    await postNotes(channel, ["b"]);
    await postNotes(channel, ["c"]);
    await drained(channel);
    await forgetJournal(channel);
    const { body } = await call<{ number: number; epoch: string }>("GET", `/channels/${channel}`);
    await loseHistory(body.number, ({ seq }) => seq <= 2);
    const object = env.CHANNEL.getByName(channel);
    await runInDurableObject(object, (_, state) => state.abort()).catch(() => {});
    vi.restoreAllMocks();
    await postNotes(channel, ["d"]);
    expect(textsIn(await hook.until(3)).slice(-2)).toEqual(["c", "d"]);
    const found = await delivered(channel, id, ({ length }) => length === 3);
    expect(found.map(({ status, why, messageId }) => [status, why, messageId]).at(-1)).toEqual([
      "failed",
      "expired",
      `${body.epoch}-1..2`,
    ]);
  });
});
