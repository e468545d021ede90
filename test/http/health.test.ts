import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";

describe("health", () => {
  it("is ready once the database answers", async ({ expect }) => {
    const response = await exports.default.fetch("https://relay.test/readyz");
    expect([response.status, await response.text()]).toEqual([200, "ready"]);
  });
});
