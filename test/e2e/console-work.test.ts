import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type EmulatorOf } from "../emulators/index.ts";
import { startReceiver, type Receiver } from "../support/receiver.ts";
import { openBrowser } from "./support/browser.ts";
import { listFaults, openConsole } from "./support/console.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;
let dlive: EmulatorOf<"dlive">;
let receiver: Receiver;

beforeAll(async () => {
  [relay, browser, dlive, receiver] = await Promise.all([
    startRelay(),
    openBrowser(),
    startEmulator("dlive"),
    startReceiver(),
  ]);
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
  await Promise.all([dlive.close(), receiver.close()]);
});

const makeChannel = (id: string): Promise<object> =>
  call(relay, "POST", "/channels", { id, name: id });

const linkDlive = (channel: string, streamer: string): Promise<object> =>
  call(relay, "POST", `/channels/${channel}/providers`, {
    protocol: "dlive",
    target: { streamer },
    url: dlive.url,
  });

const TIP = {
  type: "channel.tip",
  platform: "twitch",
  data: { amount: { value: "5.00", currency: "USD", kind: "fiat" }, kind: "tip" },
};

describe("the console", () => {
  it("shows accounts under the source that tells of them, also where two speak one protocol", async ({
    expect,
  }) => {
    await makeChannel("twice");
    await linkDlive("twice", "heron");
    await linkDlive("twice", "otter");
    const opened = await openConsole(browser, relay, "/console/c/twice/sources", relay.key);
    const { page } = opened;
    for (const name of ["heron", "otter"]) {
      const card = page.getByRole("article", { name: "DLive" }).filter({ hasText: `${name} ·` });
      await card.locator(".account-name", { hasText: name }).waitFor();
      await card.locator(".account-name").nth(1).waitFor({ state: "detached" });
    }
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("marks what an event and its provider's words have in common, and shows both places", async ({
    expect,
  }) => {
    await makeChannel("pairs");
    await linkDlive("pairs", "pairs");
    await dlive.waitFor("subscriptions>=2");
    const opened = await openConsole(
      browser,
      relay,
      "/console/c/pairs/events?types=chat.message",
      relay.key,
    );
    const { page } = opened;
    await page.getByText("Connected").first().waitFor();
    await dlive.do({
      action: "item",
      type: "Message",
      streamer: "pairs",
      content: "said in both",
    });
    await page.getByRole("cell", { name: /said in both/ }).click();
    await page.getByRole("tab", { name: "Side by side" }).click();
    const ours = page.getByLabel("The event");
    const theirs = page.getByLabel("As the provider said it");
    await theirs.locator(".same", { hasText: "said in both" }).first().waitFor();
    await ours.locator(".same", { hasText: "said in both" }).first().hover();
    await theirs.locator(".same.pointed", { hasText: "said in both" }).first().waitFor();
    expect(await ours.locator(".same.pointed").count()).toBeGreaterThan(0);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("deletes what was said for every reader, and shows nothing of it any more", async ({
    expect,
  }) => {
    await makeChannel("regret");
    await linkDlive("regret", "regret");
    await dlive.waitFor("subscriptions>=2");
    const opened = await openConsole(
      browser,
      relay,
      "/console/c/regret/events?types=chat.message",
      relay.key,
    );
    const { page } = opened;
    await page.getByText("Connected").first().waitFor();
    const content = "better left unsaid";
    await dlive.do({ action: "item", type: "Message", streamer: "regret", content });
    await page.getByRole("cell", { name: content }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Deleted for every reader").waitFor();
    await page.reload();
    await page.getByRole("cell", { name: /\(deleted\)/ }).waitFor();
    await page.getByRole("tab", { name: "Raw", exact: true }).click();
    await page.getByText("What was said here was deleted.").waitFor();
    expect(await page.content()).not.toContain(content);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("changes when what two sources tell of is one event", async ({ expect }) => {
    await makeChannel("merged");
    const opened = await openConsole(browser, relay, "/console/c/merged/settings", relay.key);
    const { page } = opened;
    const field = page.getByLabel("Told by two sources");
    await field.waitFor();
    expect(await field.inputValue()).toBe("exact");
    await field.selectOption("natural");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").waitFor();
    const { merge } = await call<{ merge: string }>(relay, "GET", "/channels/merged");
    expect(merge).toBe("natural");
    await opened.close();
  });
});

describe("the dock", () => {
  it("sounds for an alert where that is asked for, once for a burst, and not for what it reads again", async ({
    expect,
  }) => {
    await makeChannel("loud");
    await call(relay, "POST", "/channels/loud/events", TIP);
    const opened = await openConsole(browser, relay, "/dock?channel=loud", relay.key, {
      width: 320,
      height: 700,
    });
    const { page } = opened;
    await page.addInitScript(() => {
      globalThis.OscillatorNode = class extends OscillatorNode {
        override start(at?: number): void {
          const { dataset } = document.documentElement;
          dataset["notes"] = String(Number(dataset["notes"] ?? 0) + 1);
          super.start(at);
        }
      };
    });
    const readNotes = (): Promise<number> =>
      page.evaluate(() => Number(document.documentElement.dataset["notes"] ?? 0));
    await page.reload();
    await page.getByRole("tab", { name: "Alerts" }).click();
    await page.getByText(/tipped/).waitFor();
    const sound = page.getByLabel("A sound for each alert");
    expect(await sound.isChecked()).toBe(false);
    expect(await readNotes()).toBe(0);
    await sound.check();
    // It is heard what it is like.
    expect(await readNotes()).toBe(2);
    await page.reload();
    await page.locator("main[data-state=live]").waitFor();
    await page.getByRole("tab", { name: "Alerts" }).click();
    await page.getByText(/tipped/).waitFor();
    // The choice outlives the page, and what was before it is not heard again.
    expect(await page.getByLabel("A sound for each alert").isChecked()).toBe(true);
    expect(await readNotes()).toBe(0);
    await call(relay, "POST", "/channels/loud/events", [TIP, TIP, TIP]);
    await page
      .getByText(/tipped/)
      .nth(3)
      .waitFor();
    await page.waitForFunction(() => document.documentElement.dataset["notes"] === "2");
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });
});

describe("a webhook's page", () => {
  it("reads back to the first delivery, tries what waits at once, and brings what was from one on", async ({
    expect,
  }) => {
    await makeChannel("long");
    const { id } = await call<{ id: string }>(relay, "POST", "/channels/long/webhooks", {
      url: `${receiver.url}/hooks/long`,
      types: ["custom.*"],
    });
    const note = (n: number): object => ({ type: "custom.note", data: { n } });
    await call(
      relay,
      "POST",
      "/channels/long/events",
      Array.from({ length: 30 }, (_, n) => note(n)),
    );
    // The greeting is one as well.
    await receiver.until("long", 31);
    const opened = await openConsole(browser, relay, `/console/c/long/webhooks/${id}`, relay.key);
    const { page } = opened;
    const rows = page.locator(".delivery");
    await rows.nth(24).waitFor();
    await page.getByRole("button", { name: "Older deliveries" }).click();
    await rows.nth(30).waitFor();
    expect(await rows.count()).toBe(31);
    await page.getByRole("button", { name: "Back to the newest" }).click();
    await rows.nth(25).waitFor({ state: "detached" });

    receiver.reply("long", { status: 503 }, { status: 204 });
    await call(relay, "POST", "/channels/long/events", note(30));
    await page.getByRole("button", { name: /^pending/ }).waitFor();
    await page.getByRole("button", { name: "Try all that waits now" }).click();
    await page.getByRole("button", { name: /^pending/ }).waitFor({ state: "detached" });

    const before = receiver.hook("long").received.length;
    await rows.first().click();
    await page.getByRole("link", { name: "The event" }).waitFor();
    await page.getByRole("button", { name: "Recover from here on" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("Time").inputValue()).toBe("here");
    await dialog.getByLabel("Which").selectOption("all");
    await dialog.getByRole("button", { name: "Recover", exact: true }).click();
    await page.getByText(/all, 1 of 1/).waitFor();
    expect(receiver.hook("long").received.length).toBe(before + 1);

    await page.getByText("Public keys, for a program").click();
    await page.getByText(/^whpk_/).waitFor();
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByLabel("How long both sign").selectOption("3600");
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByRole("button", { name: "Change", exact: true }).click();
    await page.getByLabel("Platforms").fill("twitch, youtube");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const { platforms } = await call<{ platforms: string[] }>(
      relay,
      "GET",
      `/channels/long/webhooks/${id}`,
    );
    expect(platforms).toEqual(["twitch", "youtube"]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });
});
