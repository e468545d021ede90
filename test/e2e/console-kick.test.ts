import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startKick, type KickService } from "../emulators/kick/server.ts";
import { openBrowser } from "./support/browser.ts";
import { findSecrets, listFaults, openConsole } from "./support/console.ts";
import { findAxeViolations } from "./support/overlays.ts";
import { call, freePort, startRelay, type StartedRelay } from "./support/relay.ts";

const SLUG = "otter-brook";
let kick: KickService;
let relay: StartedRelay;
let browser: Browser;

beforeAll(async () => {
  kick = await startKick();
  const env = {
    KICK_CLIENT_ID: "a-kick-app",
    KICK_CLIENT_SECRET: "a-kick-secret",
    KICK_API_URL: kick.url,
    KICK_AUTH_URL: kick.url,
  };
  [relay, browser] = await Promise.all([
    startRelay({ port: await freePort(), env }),
    openBrowser(),
  ]);
  kick.do({ action: "channel", slug: SLUG }, { action: "webhook", url: `${relay.url}/hooks/kick` });
  await call(relay, "POST", "/channels", { id: "mine", name: "mine" });
});
afterAll(async () => {
  await browser.close();
  await relay.kill();
  await kick.close();
});

describe("Kick in the console", () => {
  it("is linked by a name, and by a log-in written to: once it was refused, and then granted", async ({
    expect,
  }) => {
    kick.do({ action: "consent", value: "deny" });
    const opened = await openConsole(browser, relay, "/console/c/mine/sources", relay.key);
    const { page } = opened;
    await page.getByRole("button", { name: "Link a source" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /^Kick/ }).click();
    await dialog.getByLabel("Channel").fill(`https://kick.com/${SLUG}`);
    await dialog.getByRole("button", { name: "Link", exact: true }).click();
    await dialog.getByRole("button", { name: "Looks right" }).click();

    const card = page.getByRole("article", { name: "Kick" });
    await card.getByRole("button", { name: "Change" }).click();
    await dialog.getByRole("button", { name: "Log in with Kick" }).click();
    await dialog.getByText(`${relay.url}/oauth/callback`).waitFor();
    expect(await dialog.getByLabel("Client id").count()).toBe(0);
    expect(await findAxeViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Connect" }).click();
    await consent();
    await dialog.getByText("You said no there").waitFor();

    kick.do({ action: "consent", value: "grant" });
    await dialog.getByRole("button", { name: "Connect" }).click();
    await consent();
    await dialog.getByRole("button", { name: "Looks right" }).click();
    for (;;) {
      const path = "/channels/mine/connections";
      const { data } = await call<{ data: { writable: boolean }[] }>(relay, "GET", path);
      if (data.some(({ writable }) => writable)) break;
    }
    expect(await findSecrets(opened, ["a-kick-secret", ...kick.listTokens()])).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();

    /** Goes to Kick's page and comes back, as its owner does. */
    async function consent(): Promise<void> {
      const address = await dialog.getByRole("link", { name: "Open Kick" }).getAttribute("href");
      await (await fetch(address ?? "")).arrayBuffer();
    }
  });
});
