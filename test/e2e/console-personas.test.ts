import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type EmulatorOf } from "../emulators/index.ts";
import { startReceiver, type Receiver } from "../support/receiver.ts";
import { openBrowser } from "./support/browser.ts";
import {
  findSecrets,
  Keyboard,
  listFaults,
  openConsole,
  readClipboard,
} from "./support/console.ts";
import { startRelay, type StartedRelay } from "./support/relay.ts";

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
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
  await Promise.all([service.close(), receiver.close()]);
});

const FIVE_MINUTES_MS = 300_000;

describe("the first five minutes, by the keyboard alone, from a relay with nothing in it", () => {
  it("take a streamer from the log-in to chat on the stream and in a dock that answers", async ({
    expect,
  }) => {
    const began = Date.now();
    const opened = await openConsole(browser, relay, "/console/", null);
    const { page, context } = opened;
    const keys = new Keyboard(page);
    const token = "0123456789abcdef0123";

    await page.getByLabel("API key").waitFor();
    await keys.paste(relay.key);
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Make your channel" }).waitFor();
    await keys.reach(/^Name/);
    await keys.paste("Evening Show");
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Five steps to a stream" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/c/evening-show");

    await keys.open(/^Link a source/);
    await page.getByRole("dialog").waitFor();
    await keys.open(/^multistreamer/);
    await page.getByLabel("Address").waitFor();
    await keys.reach(/^Address/);
    await keys.paste(`${service.url}?token=${token}`);
    await keys.press("Enter");
    await page.getByRole("button", { name: "Looks right" }).waitFor();
    await page.getByText(/It tells of \d accounts/).waitFor();
    await keys.open(/^Looks right/);

    await keys.press("g", "o");
    await page.getByRole("heading", { name: "Five steps to a stream" }).waitFor();
    await service.do({ action: "chat", text: "hello from the stream" });
    await page.getByText("hello from the stream").first().waitFor();

    await keys.open(/^Set up the chat/);
    await page.getByRole("heading", { name: "Overlays", exact: true }).waitFor();
    await page.getByRole("button", { name: "Copy address" }).waitFor();
    await keys.open(/^Copy address/);
    await page.getByText("Address copied").waitFor();
    const overlay = await readClipboard(page);
    expect(overlay).toMatch(/\/overlay\/chat\?channel=evening-show#trbo_/);
    const picture = await context.newPage();
    await picture.goto(overlay);
    await picture.getByText("hello from the stream").waitFor();
    await picture.close();

    await keys.press("g", "o");
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await keys.open(/^Make the dock's address/);
    await page.getByLabel("Address of the dock").waitFor();
    await keys.open(/^Copy$/);
    await page.getByText("Address of the dock copied").waitFor();
    const dockAddress = await readClipboard(page);
    expect(dockAddress).toMatch(/\/dock\?channel=evening-show#trb_/);
    await keys.open(/^I have it/);

    const dock = await context.newPage();
    const dockKeys = new Keyboard(dock);
    await dock.setViewportSize({ width: 320, height: 700 });
    await dock.goto(dockAddress);
    await dock.getByText("hello from the stream").waitFor();
    expect(dock.url()).not.toContain("trb_");
    await dockKeys.reach(/^Message/);
    await dockKeys.paste("thank you all");
    await dockKeys.press("Enter");
    await dock.locator(".outcome.done, .tick.good").first().waitFor();
    expect(JSON.stringify(service.truth())).toContain("thank you all");
    await dock.close();

    const presses = keys.presses + dockKeys.presses;
    const took = Date.now() - began;
    console.log(`a streamer's first minutes: ${presses} keys, ${Math.round(took / 1000)} s`);
    expect(took).toBeLessThan(FIVE_MINUTES_MS);
    expect(presses).toBeLessThan(250);
    const secrets = [
      relay.key,
      token,
      overlay.split("#")[1] ?? "",
      dockAddress.split("#")[1] ?? "",
    ];
    expect(await findSecrets(opened, secrets)).toEqual([]);
    expect([listFaults(opened), opened.strangers]).toEqual([[], []]);
    for (const secret of secrets.slice(1)) expect(relay.output()).not.toContain(secret);
    await opened.close();
  });

  it("take a developer from a key of their own to a webhook that is signed, and to figures", async ({
    expect,
  }) => {
    const began = Date.now();
    const opened = await openConsole(browser, relay, "/console/", null);
    const { page } = opened;
    const keys = new Keyboard(page);
    await page.getByLabel("API key").waitFor();
    await keys.paste(`Bearer ${relay.key}`);
    await keys.press("Enter");
    await page
      .getByRole("heading", { name: /channel/i })
      .first()
      .waitFor();
    if (await page.getByRole("heading", { name: "Channels" }).isVisible())
      await keys.open(/^New channel/);
    await page.getByLabel("Name").waitFor();
    await keys.reach(/^Name/);
    await keys.paste("Lab");
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Overview" }).waitFor();

    await keys.press("g", "a");
    await page.getByRole("heading", { name: "Access" }).waitFor();
    await keys.open(/^Make a key for this channel/);
    await page.getByRole("dialog").waitFor();
    await keys.reach(/^Name/);
    await keys.paste("my program");
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Your new key" }).waitFor();
    // It cannot be lost by a slip.
    await keys.press("Escape", "Escape");
    await keys.open(/^Copy$/);
    await page.getByText("Key copied").waitFor();
    const key = await readClipboard(page);
    expect(key).toMatch(/^trb_/);
    await keys.open(/^I have it/);
    const answer = await fetch(`${relay.url}/v1/channels/lab/events`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);

    await keys.press("g", "w");
    await page.getByRole("heading", { name: "Webhooks" }).waitFor();
    await keys.open(/^New webhook/);
    await page.getByRole("dialog").waitFor();
    await keys.reach(/^Address/);
    await keys.paste(`${receiver.url}/hooks/lab`);
    await keys.press("Enter");
    await page.getByRole("heading", { name: "The signing secret" }).waitFor();
    await keys.open(/^Copy$/);
    const secret = await readClipboard(page);
    expect(secret).toMatch(/^whsec_/);
    await keys.open(/^I have it/);
    await keys.open(/^127\.0\.0\.1/);
    await keys.open(/^Send a test/);
    await receiver.until("lab", 1);
    await page
      .getByRole("button", { name: /succeeded/ })
      .first()
      .waitFor();
    await keys.open(/^succeeded/);
    await page.getByRole("article", { name: "Attempt 1" }).waitFor();
    await keys.open(/^How it is signed/);
    await page.getByText(/HMAC-SHA256 of it/).waitFor();

    await keys.press("g", "t");
    await page.getByRole("heading", { name: "Test events" }).waitFor();
    await keys.reach(/^How many/);
    await keys.press("Control+a");
    await keys.paste("10");
    await keys.open(/^Tip of 5 USD/);
    await receiver.until("lab", 11);
    await keys.press("g", "h");
    await page.getByRole("heading", { name: "Health" }).waitFor();
    await page.locator(".plot").first().waitFor();

    const took = Date.now() - began;
    console.log(`a developer's first minutes: ${keys.presses} keys, ${Math.round(took / 1000)} s`);
    expect(took).toBeLessThan(FIVE_MINUTES_MS);
    expect(keys.presses).toBeLessThan(250);
    expect(await findSecrets(opened, [relay.key, key, secret])).toEqual([]);
    expect([listFaults(opened), opened.strangers]).toEqual([[], []]);
    for (const each of [key, secret]) expect(relay.output()).not.toContain(each);
    await opened.close();
  });
});
