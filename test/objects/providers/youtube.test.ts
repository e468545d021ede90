import { afterEach, describe, it, vi } from "vitest";

import { findPacificDay } from "../../../src/lib/pacific-day.ts";
import { call, makeChannel } from "../../support/api.ts";
import { until } from "../../support/hooks.ts";

const HOUR_MS = 3_600_000;
const { fetch, Date: clock } = globalThis;
const now = clock.now.bind(clock);

afterEach(() => void vi.restoreAllMocks());

/** Has Google refuse everything as one of a project that has used its day up; answers who was asked. */
function useUp(): string[] {
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (request, init) => {
    const url = request instanceof Request ? request.url : String(request);
    if (!url.startsWith("https://youtube.googleapis.com/")) return fetch(request, init);
    asked.push(new URL(url).searchParams.get("id") ?? url);
    const errors = [{ reason: "quotaExceeded", domain: "youtube.quota", message: "exceeded" }];
    return Response.json({ error: { code: 403, message: "exceeded", errors } }, { status: 403 });
  });
  return asked;
}

interface Connections {
  readonly data: readonly { readonly status: string; readonly reason: string | null }[];
}

interface Status {
  readonly quotas: readonly { readonly used: number; readonly limit: number }[];
}

async function link(video: string): Promise<void> {
  const channel = await makeChannel();
  const credentials = { apiKey: "a-key-of-this-file" };
  const asked = { protocol: "youtube", target: { video }, credentials };
  await call("POST", `/channels/${channel}/providers`, asked);
  await until(
    async () => (await call<Connections>("GET", `/channels/${channel}/connections`)).body.data,
    ([connection]) => connection?.reason === "quota_exceeded",
  );
}

describe("a day's quota that Google calls used up", () => {
  it("is asked for by no other channel of the relay, and each is told", async ({ expect }) => {
    // At some other time than just after midnight.
    const ahead = findPacificDay(now()).to + 12 * HOUR_MS - now();
    vi.spyOn(Date, "now").mockImplementation(() => now() + ahead);
    vi.spyOn(console, "error").mockReturnValue();
    const asked = useUp();
    await link("first");
    const quotas = await until(
      async () => (await call<Status>("GET", "/status")).body.quotas,
      ([quota]) => quota?.used === 10_000,
    );
    expect(quotas).toMatchObject([{ limit: 10_000 }]);
    await link("second");
    expect(asked).toEqual(["first"]);
  });
});
