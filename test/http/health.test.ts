import { env, exports } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { healthRoutes } from "../../src/http/routes/health.ts";

describe("health", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("is ready once the database answers", async ({ expect }) => {
    const response = await exports.default.fetch("https://relay.test/readyz");
    expect([response.status, await response.text()]).toEqual([200, "ready"]);
  });

  it("is away where the database fails, and says why on the log only", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const failure = new Error("D1_ERROR: overloaded");
    const response = await ask(() => Promise.reject(failure));
    expect([response.status, await response.text()]).toEqual([503, "away"]);
    expect(logged.mock.calls).toEqual([
      ["database not ready", expect.objectContaining({ message: "D1_ERROR: overloaded" })],
    ]);
  });

  it("says that it is not migrated where the database has not got its tables", async ({
    expect,
  }) => {
    vi.spyOn(console, "error").mockReturnValue();
    await env.DB.exec("ALTER TABLE notes RENAME TO notes_of_a_later_version");
    try {
      const response = await exports.default.fetch("https://relay.test/readyz");
      expect([response.status, await response.text()]).toEqual([503, "not migrated"]);
    } finally {
      await env.DB.exec("ALTER TABLE notes_of_a_later_version RENAME TO notes");
    }
  });

  it("is away where the database does not answer within a second", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    vi.useFakeTimers();
    const asked = ask(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(1_000);
    const response = await asked;
    expect([response.status, await response.text()]).toEqual([503, "away"]);
    expect(logged).toHaveBeenCalledTimes(1);
  });
});

/** Asks whether the relay is ready, with a database that answers like this. */
async function ask(answer: () => Promise<unknown>): Promise<Response> {
  const db = { prepare: () => ({ all: answer }) };
  return healthRoutes.request("/readyz", {}, { ...env, DB: db });
}
