import { describe, it } from "vitest";

import { call, chat, makeChannel } from "../../support/api.ts";
import { delivered, Hook, textsIn } from "../../support/hooks.ts";

const post = (channel: string, ...events: object[]) =>
  call("POST", `/channels/${channel}/events`, events);

const deletion = (...messageIds: string[]) => ({
  type: "chat.message.deleted",
  data: { messageIds },
});

describe("a deleted message", () => {
  it("is a tombstone in every attempt that comes after", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { types: ["chat.message"] });
    await hook.reply({ status: 503, headers: { "retry-after": "1" } }, { status: 204 });
    await post(channel, chat("m1", "a secret"));
    await delivered(channel, id, ([last]) => last?.attempts.length === 1);
    // The endpoint's filter leaves the deletion itself out.
    await post(channel, deletion("m1"));
    expect(textsIn(await hook.until(3))).toEqual(["a secret", ""]);
  });

  it("is a tombstone though its deletion came along with it", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.attach(channel, { types: ["chat.message"], batch: { max: 10, waitMs: 100 } });
    await post(channel, chat("m1", "a secret"), chat("m2", "stays"), deletion("m1"));
    expect(textsIn(await hook.until(2))).toEqual(["", "stays"]);
  });

  it("is a tombstone in what is tried again by hand", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { types: ["chat.message"] });
    await hook.reply({ status: 400 }, { status: 204 });
    await post(channel, chat("m1", "a secret"));
    await delivered(channel, id, ([last]) => last?.status === "failed");
    await post(channel, deletion("m1"));
    await call("POST", `/channels/${channel}/webhooks/${id}/deliveries/d_2/retry`);
    expect(textsIn(await hook.until(3))).toEqual(["a secret", ""]);
  });

  it("is not to be found in the queue of a webhook that cannot be reached", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ status: 503, headers: { "retry-after": "3600" } });
    await post(channel, chat("m1", "a secret"), chat("m2", "another secret", "u2"));
    await delivered(channel, id, (all) => all.some(({ attempts }) => attempts.length === 1));
    await post(channel, { type: "chat.cleared", data: { scope: "all" } });
    await hook.reply({ status: 204 });
    const path = `/channels/${channel}/webhooks/${id}/deliveries`;
    await call("POST", `${path}/d_2/retry`);
    await call("POST", `${path}/d_3/retry`);
    await delivered(
      channel,
      id,
      (all) => all.filter(({ status }) => status === "succeeded").length >= 2,
    );
    const received = await hook.until(4);
    expect(textsIn(received.slice(-2))).toEqual(["", ""]);
  });
});
