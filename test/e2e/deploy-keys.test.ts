import { afterEach, beforeEach, describe, it } from "vitest";

import { CloudflareApi } from "../support/cloudflare/api.ts";
import { ADMIN_KEY, deploy, readSecrets, UPLOAD } from "./support/deploy.ts";

let api: CloudflareApi;
beforeEach(async () => {
  api = await CloudflareApi.start();
});
afterEach(() => api.close());

const secretsNow = (): ReadonlyMap<string, string> => readSecrets(api);

describe("npm run deploy, asked to change a key", () => {
  const MASTER = "TRIBUTARY_MASTER_KEY";
  const DAY_MS = 86_400_000;

  it("sets another master key and keeps the one before, which nobody has to know", async ({
    expect,
  }) => {
    api.account.makeAll();
    const before = secretsNow();
    const changed = await deploy(api, {}, "--rotate-master-key");
    expect(changed.output).toContain("TRIBUTARY_MASTER_KEY is changed");
    expect(changed.output).toContain("--drop-previous-master-key");
    expect(changed.code).toBe(0);
    const after = secretsNow();
    expect(after.get(MASTER)).toMatch(/^[0-9a-f]{64}$/);
    expect(after.get(MASTER)).not.toBe(before.get(MASTER));
    expect(after.get(`${MASTER}_PREVIOUS`)).toBe(before.get(MASTER));
    expect(after.get("TRIBUTARY_ADMIN_KEY")).toBe(before.get("TRIBUTARY_ADMIN_KEY"));
    for (const secret of after.values()) expect(changed.output).not.toContain(secret);

    // A second change waits for the end of the first, and nothing can be taken for it.
    await api.account.runMinute({ since: Date.now() - 2 * DAY_MS });
    const again = await deploy(api, {}, "--rotate-master-key");
    expect(again.output).toContain("It is being changed already");
    expect(again.code).toBe(1);
    expect(secretsNow()).toEqual(after);
  });

  it("changes nothing where there is no relay yet, or only a half of one", async ({ expect }) => {
    const nothing = await deploy(api, {}, "--rotate-master-key");
    expect(nothing.output).toContain("The Worker has no TRIBUTARY_MASTER_KEY yet.");
    expect(nothing.code).toBe(1);
    api.account.makeDatabase({ name: "tributary" });
    const half = await deploy(api, {}, "--rotate-master-key");
    expect(half.output).toMatch(/What to do: run `npm run deploy`, which makes it/);
    expect(half.code).toBe(1);
    // The relay's record of its keys is asked for by a query, which is a POST as well.
    expect(api.calls.filter((call) => !/^GET |\/query$/.test(call))).toEqual([]);
    expect(api.account.worker).toBeNull();
  });

  it("takes the master key before away when nothing needs it, and not before", async ({
    expect,
  }) => {
    api.account.makeAll();
    await deploy(api, {}, "--rotate-master-key");
    const both = secretsNow();
    await api.account.runMinute({ since: Date.now() - 2 * DAY_MS, old: 3 });
    const sealed = await deploy(api, {}, "--drop-previous-master-key");
    expect(sealed.output).toContain("3 texts are still sealed with it");
    expect(sealed.code).toBe(1);
    expect(secretsNow()).toEqual(both);
    await api.account.runMinute({ since: Date.now() - 2 * DAY_MS });
    const dropped = await deploy(api, {}, "--drop-previous-master-key");
    expect(dropped.output).toContain("is taken away");
    expect(dropped.code).toBe(0);
    expect([...secretsNow().keys()]).not.toContain(`${MASTER}_PREVIOUS`);
    expect(secretsNow().get(MASTER)).toBe(both.get(MASTER));
  });

  it("goes on from wherever a change was cut off, and makes no third key", async ({ expect }) => {
    api.account.makeAll();
    const before = secretsNow();
    // The upload is refused: nothing has changed.
    api.refuse(UPLOAD, 403, 10_000, "Authentication error");
    const refused = await deploy(api, {}, "--rotate-master-key");
    expect(refused.output).toMatch(/What to do: give the token .* Workers Scripts: Edit/);
    expect(refused.code).toBe(1);
    expect(secretsNow()).toEqual(before);

    // The upload is carried out, nobody is told, and wrangler makes it once more.
    api.mend();
    api.loseAnswer(UPLOAD);
    api.minute = null;
    const unseen = await deploy(api, {}, "--rotate-master-key");
    expect(api.calls.filter((call) => call === UPLOAD)).toHaveLength(2);
    expect(unseen.output).toContain("has not taken it up yet");
    expect(unseen.code).toBe(1);
    const after = secretsNow();
    expect(after.get(MASTER)).toMatch(/^[0-9a-f]{64}$/);
    expect(after.get(`${MASTER}_PREVIOUS`)).toBe(before.get(MASTER));

    // What comes after the upload is done by whoever runs the same again.
    api.minute = {};
    const again = await deploy(api, {}, "--rotate-master-key");
    expect(again.output).toContain("being changed already");
    expect(again.code).toBe(0);
    expect(secretsNow()).toEqual(after);
    for (const secret of after.values()) expect(again.output + unseen.output).not.toContain(secret);
  });

  it("says at once what to do where the key before did not come along", async ({ expect }) => {
    api.account.makeAll();
    api.account.renames = false;
    const lost = await deploy(api, {}, "--rotate-master-key");
    expect(lost.output).toMatch(/inherit binding|does not have the one before/);
    expect(lost.output).toMatch(/What to do: .*TRIBUTARY_MASTER_KEY_PREVIOUS/);
    expect(lost.code).toBe(1);
    // With the key itself it needs no renaming.
    api.account.renames = true;
    const old = secretsNow().get(MASTER) ?? "";
    const known = { [`${MASTER}_PREVIOUS`]: old, [`${MASTER}_NEXT`]: "a-key-of-ones-own" };
    const changed = await deploy(api, known, "--rotate-master-key");
    expect(changed.code).toBe(0);
    expect(secretsNow().get(MASTER)).toBe("a-key-of-ones-own");
    expect(secretsNow().get(`${MASTER}_PREVIOUS`)).toBe(old);
  });

  it("shows another admin key once, beside which the one before holds until it is taken away", async ({
    expect,
  }) => {
    api.account.makeAll();
    const before = secretsNow();
    const changed = await deploy(api, {}, "--rotate-admin-key");
    expect(changed.code).toBe(0);
    const after = secretsNow();
    expect(changed.output.match(ADMIN_KEY)).toEqual([after.get("TRIBUTARY_ADMIN_KEY")]);
    expect(after.get("TRIBUTARY_ADMIN_KEY_PREVIOUS")).toBe(before.get("TRIBUTARY_ADMIN_KEY"));
    expect(after.get(MASTER)).toBe(before.get(MASTER));
    expect((await deploy(api, {}, "--drop-previous-admin-key")).code).toBe(0);
    expect([...secretsNow().keys()].toSorted()).toEqual(["TRIBUTARY_ADMIN_KEY", MASTER]);
  });
});
