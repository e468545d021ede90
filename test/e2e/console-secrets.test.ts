import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type EmulatorOf } from "../emulators/index.ts";
import { startReceiver, type Receiver } from "../support/receiver.ts";
import { openBrowser } from "./support/browser.ts";
import { findSecrets, openConsole, PAGES, readClipboard } from "./support/console.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;
let service: EmulatorOf<"multistreamer">;
let receiver: Receiver;

beforeAll(async () => {
  [relay, browser, service, receiver] = await Promise.all([
    startRelay(),
    openBrowser(),
    startEmulator("multistreamer"),
    startReceiver(),
  ]);
  await call(relay, "POST", "/channels", { id: "mine", name: "Mine" });
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
  await Promise.all([service.close(), receiver.close()]);
});

/** Copies what is shown once. */
async function copyShown(page: Page, what: string): Promise<string> {
  await page.getByRole("dialog").getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByText(`${what} copied`).waitFor();
  return readClipboard(page);
}

describe("a secret", () => {
  it("that is typed, made or shown once is in no address, no page before it is asked for, no storage and no log", async ({
    expect,
  }) => {
    const opened = await openConsole(browser, relay, "/console/", null);
    const { page } = opened;
    const typed = ["a-wr0ng/token+of=it", "the-r1ght/token+of=it"];
    const secrets = [relay.key, ...typed];
    const look = async (where: string): Promise<void> => {
      expect([where, await findSecrets(opened, secrets)]).toEqual([where, []]);
    };
    const done = async (): Promise<void> => {
      await page.getByRole("button", { name: "I have it" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    const go = async (path: string): Promise<void> => {
      await page.goto(`${relay.url}/console/c/mine/${path}`);
      await page.locator("main h1:not(:empty)").waitFor();
    };

    await page.getByLabel("API key").fill(relay.key);
    await look("the key is typed");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Channels" }).waitFor();
    await look("logged in");

    await service.do({ action: "token", value: typed[1] ?? "" });
    await go("sources");
    await page.getByRole("button", { name: "Link a source" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "multistreamer" }).click();
    await dialog.getByLabel("Address").fill(new URL("/", service.url).href);
    await dialog.getByLabel("Number of the stream").fill("31");
    await dialog.getByLabel("Token", { exact: true }).fill(typed[0] ?? "");
    await dialog.getByRole("button", { name: "Link", exact: true }).click();
    await dialog.getByText("The token was refused").waitFor();
    await look("a token was refused");
    await dialog.getByLabel("Token", { exact: true }).fill(typed[1] ?? "");
    await dialog.getByRole("button", { name: "Try again with these" }).click();
    await dialog.getByText(/It tells of \d accounts/).waitFor();
    await look("a source is linked");

    await go("access");
    await page.getByRole("button", { name: "Make a key for this channel" }).click();
    await page.getByLabel("Name").fill("a program");
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByRole("heading", { name: "Your new key" }).waitFor();
    secrets.push(await copyShown(page, "Key"));
    await look("a key was made");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText(/^trb_/).waitFor();
    // Whoever looks so finds what is there.
    expect(await findSecrets(opened, secrets)).toHaveLength(1);
    await page.getByRole("button", { name: "Hide" }).click();
    await look("a key was shown, and hidden");
    await done();
    await page.getByRole("button", { name: "New token" }).click();
    await page.getByRole("button", { name: "Make the token" }).click();
    await page.getByRole("button", { name: "I have it" }).waitFor();
    secrets.push(await copyShown(page, "Token"));
    await look("a token was made");
    await done();

    await go("overlays/chat");
    await page.getByRole("button", { name: "Copy address" }).click();
    await page.getByText("Address copied").waitFor();
    secrets.push((await readClipboard(page)).split("#")[1] ?? "none");
    await look("an overlay's address was copied");
    await go("chat");
    await page.getByRole("button", { name: "As a dock in OBS" }).click();
    await page.getByLabel("Address of the dock").waitFor();
    secrets.push((await copyShown(page, "Address of the dock")).split("#")[1] ?? "none");
    await look("a dock's address was made");
    await done();

    await go("webhooks");
    await page.getByRole("button", { name: "New webhook" }).click();
    await page.getByLabel("Address").fill(`${receiver.url}/hooks/mine`);
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: "The signing secret" }).waitFor();
    secrets.push(await copyShown(page, "Signing secret"));
    await look("a webhook was made");
    await done();
    await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.locator(".delivery").first().click();
    await page.getByText("Request and answer").first().click();
    await look("a delivery is open");

    for (const path of PAGES) {
      await go(path.slice(1));
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
      await look(`on ${path}`);
    }
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await look("logged out");

    // Each was got, and is a secret of its own.
    expect(new Set(secrets).size).toBe(8);
    expect(secrets.filter((secret) => secret.length < 16)).toEqual([]);
    // How to log in is what the relay says when it starts.
    for (const secret of secrets.slice(1)) {
      for (const form of [secret, encodeURIComponent(secret)])
        expect(relay.output()).not.toContain(form);
    }
    await opened.close();
  });
});
