import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { WebhookScheduler } from "../../../src/objects/webhook/scheduler.ts";

/** A scheduler over an object's real alarm, and how often it has looked. */
async function waking<T>(
  work: (alarm: WebhookScheduler, storage: DurableObjectStorage, looks: () => number) => Promise<T>,
): Promise<T> {
  const stub = env.WEBHOOK.getByName(`scheduler/${crypto.randomUUID()}`);
  return runInDurableObject(stub, async (_, { storage }) => {
    let looks = 0;
    const alarm = new WebhookScheduler(storage, () => {
      looks += 1;
    });
    const result = await work(alarm, storage, () => looks);
    alarm.stop();
    await storage.deleteAlarm();
    return result;
  });
}

const HOUR = 3_600_000;

describe("the alarm", () => {
  it("stands at the first of many times, and no later one overwrites it", async ({ expect }) => {
    const now = Date.now();
    const stood = await waking(async (alarm, storage) => {
      alarm.wakeAt(now + 2 * HOUR, false, now);
      alarm.wakeAt(now + HOUR, false, now);
      alarm.wakeAt(now + 3 * HOUR, false, now);
      return storage.getAlarm();
    });
    expect(stood).toBe(now + HOUR);
  });

  it("stands while something is under way, should the instance be lost", async ({ expect }) => {
    const now = Date.now();
    const stood = await waking(async (alarm, storage) => {
      alarm.wakeAt(null, true, now);
      return storage.getAlarm();
    });
    expect(stood).toBeGreaterThan(now);
    expect(stood).toBeLessThanOrEqual(now + 20_000);
  });

  it("is armed anew before anything is done when it has gone off", async ({ expect }) => {
    const now = Date.now();
    const stood = await waking(async (alarm, storage) => {
      alarm.wakeAt(now + HOUR, false, now);
      await storage.deleteAlarm();
      alarm.gone(now);
      return storage.getAlarm();
    });
    expect(stood).toBeLessThanOrEqual(now + 20_000);
  });

  it("is taken away only where nothing waits", async ({ expect }) => {
    const now = Date.now();
    const stood = await waking(async (alarm, storage) => {
      alarm.gone(now);
      alarm.wakeAt(null, false, now);
      alarm.finishLook();
      const idle = await storage.getAlarm();
      alarm.gone(now);
      alarm.wakeAt(now + HOUR, false, now);
      alarm.finishLook();
      return [idle, await storage.getAlarm()];
    });
    expect(stood[0]).toBeNull();
    expect(stood[1]).not.toBeNull();
  });

  it("looks without the alarm where it is not long, and has one behind it", async ({ expect }) => {
    const now = Date.now();
    const { looks, stood } = await waking(async (alarm, storage, count) => {
      alarm.wakeAt(now + 30, false, now);
      const at = await storage.getAlarm();
      while (count() === 0) await scheduler.wait(5);
      return { looks: count(), stood: at };
    });
    expect(looks).toBe(1);
    expect(stood).toBeGreaterThan(now);
  });

  it("looks at once for what came due while it was asked to wait", async ({ expect }) => {
    const now = Date.now();
    const looks = await waking(async (alarm, _storage, count) => {
      alarm.wakeAt(now - 1, false, now);
      while (count() === 0) await scheduler.wait(5);
      return count();
    });
    expect(looks).toBe(1);
  });
});
