import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import {
  listPublishedKeys,
  publishKey,
  retireKeysBefore,
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
  it("are there as long as something may be signed with them, in whatever order two rotations end", async ({
    expect,
  }) => {
    const [first, second, third] = [
      key("key-1", NOW),
      key("key-2", NOW + 1),
      key("key-3", NOW + 2),
    ];
    for (const each of [first, second, third]) await publishKey(env.DB, each);
    expect(await publishedAt(NOW + 3)).toEqual(["key-3", "key-2", "key-1"]);
    await retireKeysBefore(env.DB, third, NOW + 1_000);
    // The rotation before it comes to its end only now: it takes nothing away that came after it.
    await retireKeysBefore(env.DB, second, NOW + 500);
    expect(await publishedAt(NOW + 499)).toEqual(["key-3", "key-2", "key-1"]);
    expect(await publishedAt(NOW + 999)).toEqual(["key-3", "key-2"]);
    expect(await publishedAt(NOW + 1_001)).toEqual(["key-3"]);
  });
});
