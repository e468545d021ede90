import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { reachChannel, reachWebhook } from "../src/asking.ts";
import { readName } from "../src/calls/object-names.ts";

/** The bindings of a relay whose objects all answer so. */
function answering(call: string, answer: (asked: number) => Promise<unknown>) {
  let asked = 0;
  const stubs: object[] = [];
  const getByName = (): object => {
    const stub = { [call]: () => answer((asked += 1)) };
    stubs.push(stub);
    return stub;
  };
  const env = { CHANNEL: { getByName }, HUB: { getByName }, WEBHOOK: { getByName } };
  return { env: env as unknown as Env, stubs, count: () => asked };
}

const lost = (): Promise<never> => Promise.reject(new Error("Network connection lost."));

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a call to an object", () => {
  it("is made once more by a stub of its own, and the log tells of it", async ({ expect }) => {
    const { env, stubs } = answering("connections", (asked) =>
      asked === 1 ? lost() : Promise.resolve([]),
    );
    await expect(reachChannel(env, readName("a")).connections()).resolves.toEqual([]);
    expect(stubs).toHaveLength(2);
    expect(console.error).toHaveBeenCalledWith(
      "object asked once more",
      expect.objectContaining({ object: "channel", name: "a", call: "connections" }),
    );
  });

  it("is not made a third time", async ({ expect }) => {
    const { env, count } = answering("connections", lost);
    await expect(reachChannel(env, readName("a")).connections()).rejects.toThrow("connection lost");
    expect(count()).toBe(2);
  });

  it("is made once where it could double something", async ({ expect }) => {
    const { env, count } = answering("rotate", lost);
    await expect(reachWebhook(env, readName("1/a")).rotate(0, null)).rejects.toThrow(
      "connection lost",
    );
    expect(count()).toBe(1);
    await expect(reachWebhook(env, readName("1/a")).rotate(0, "name")).rejects.toThrow(
      "connection lost",
    );
    expect(count()).toBe(3);
  });

  it("is given up when whoever asks has waited long enough", async ({ expect }) => {
    vi.useFakeTimers();
    const { env, count } = answering("connections", () => new Promise(() => {}));
    const outcome = expect(reachChannel(env, readName("a"), 5_000).connections()).rejects.toThrow(
      "no answer within 5000 ms",
    );
    await vi.advanceTimersByTimeAsync(5_000);
    await outcome;
    expect(count()).toBe(1);
  });

  it("is one that the object has, and what is handed on is no promise", ({ expect }) => {
    const { env } = answering("connections", lost);
    const channel = reachChannel(env, readName("a"));
    expect(Reflect.get(channel, "then")).toBeUndefined();
    expect(Reflect.get(channel, "constructor")).toBeUndefined();
  });
});
