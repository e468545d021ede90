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

  it("is not ready where the database fails, and says why on the log only", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const failure = new Error("no such table");
    const response = await ask(() => Promise.reject(failure));
    expect([response.status, await response.text()]).toEqual([503, "not ready"]);
    expect(logged.mock.calls).toEqual([
      ["database not ready", expect.objectContaining({ error: "Error", message: "no such table" })],
    ]);
  });

  it("is not ready where the database does not answer within a second", async ({ expect }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    vi.useFakeTimers();
    const asked = ask(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(1_000);
    const response = await asked;
    expect([response.status, await response.text()]).toEqual([503, "not ready"]);
    expect(logged).toHaveBeenCalledTimes(1);
  });
});

/** Asks whether the relay is ready, with a database that answers like this. */
async function ask(answer: () => Promise<unknown>): Promise<Response> {
  const db = { prepare: () => ({ all: answer }) };
  return healthRoutes.request("/readyz", {}, { ...env, DB: db });
}
