import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import {
  agreeOnKeys,
  listPublishedKeys,
  publishKey,
  type WebhookKeyRecord,
} from "../../src/store/history/webhook-keys.ts";

const NOW = 1_795_223_820_123;

function key(id: string, createdAt: number): WebhookKeyRecord {
  return { id, channel: 4_711, webhook: "a-webhook", x: `x-of-${id}`, createdAt };
}

async function publishedAt(time: number): Promise<string[]> {
  const keys = await listPublishedKeys(env.DB, time, 1_000);
  return keys.map(({ id }) => id).filter((id) => id.startsWith("key-"));
}

describe("a webhook's published keys", () => {
  it("are there as long as something may be signed with them, whichever agreement comes last", async ({
    expect,
  }) => {
    const [first, second, third] = [
      key("key-1", NOW),
      key("key-2", NOW + 1),
      key("key-3", NOW + 2),
    ];
    for (const each of [first, second, third]) await publishKey(env.DB, each);
    expect(await publishedAt(NOW + 3)).toEqual(["key-3", "key-2", "key-1"]);
    const agree = (firstUntil: number): Promise<void> =>
      agreeOnKeys(env.DB, third, [
        { id: third.id, retiresAt: null },
        { id: second.id, retiresAt: NOW + 1_000 },
        { id: first.id, retiresAt: firstUntil },
      ]);
    await agree(NOW + 500);
    // An older agreement that comes late lengthens nothing.
    await agree(NOW + 1_000);
    expect(await publishedAt(NOW + 499)).toEqual(["key-3", "key-2", "key-1"]);
    expect(await publishedAt(NOW + 999)).toEqual(["key-3", "key-2"]);
    expect(await publishedAt(NOW + 1_001)).toEqual(["key-3"]);
  });

  it("are its newest four, however often its owner rotates them", async ({ expect }) => {
    for (let index = 0; index < 12; index++) {
      const made = { ...key(`key-of-many-${index}`, NOW + index), webhook: "rotated" };
      await publishKey(env.DB, made);
      const used = [index, index - 1, index - 2, index - 3].map((each) => ({
        id: `key-of-many-${each}`,
        retiresAt: each === index ? null : NOW + 1_000_000,
      }));
      await agreeOnKeys(env.DB, made, used);
    }
    const published = await publishedAt(NOW + 2_000);
    expect(published.filter((id) => id.startsWith("key-of-many")).toSorted()).toEqual(
      [10, 11, 8, 9].map((index) => `key-of-many-${index}`),
    );
  });

  it("leave room for the current key of every other webhook", async ({ expect }) => {
    await publishKey(env.DB, { ...key("key-of-one", NOW - 1_000), webhook: "one" });
    const current = await listPublishedKeys(env.DB, NOW + 2_000, 100);
    const count = current.findIndex(({ id }) => id === "key-of-one") + 1;
    // As many as there are current keys: those in grace come after them.
    const few = await listPublishedKeys(env.DB, NOW + 2_000, count);
    expect(few.map(({ id }) => id)).toContain("key-of-one");
    expect(few.map(({ id }) => id)).not.toContain("key-of-many-10");
  });

  it("are found without a look at all of them", async ({ expect }) => {
    const { results } = await env.DB.prepare(
      `EXPLAIN QUERY PLAN SELECT id, x FROM webhook_keys WHERE retired_at IS NULL
       ORDER BY created_at DESC LIMIT 10`,
    ).all<{ detail: string }>();
    expect(results.map(({ detail }) => detail)).toEqual([
      "SEARCH webhook_keys USING INDEX webhook_keys_by_end (retired_at=?)",
    ]);
  });
});
