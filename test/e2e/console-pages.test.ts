import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { findSecrets, listFaults, listHindrances, openConsole, PAGES } from "./support/console.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;

beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay({ demo: true }), openBrowser()]);
  await call(relay, "POST", "/channels", { id: "empty", name: "Empty" });
  await call(relay, "POST", "/channels/demo/webhooks", {
    url: "http://127.0.0.1:9/nobody",
    types: ["custom.*"],
  });
  await call(relay, "POST", "/channels/demo/events", { type: "custom.note", data: {} });
  await call(relay, "POST", "/channels/demo/overlay-keys", { name: "chat, 28 Nov" });
  await call(relay, "POST", "/keys", {
    name: "a bot",
    scopes: ["events:read"],
    channels: ["demo"],
  });
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
});

/** What is loaded when it is needed has come, and nothing is empty any more that is only late. */
const READY = "main h1:not(:empty)";

describe("a console, wide and small, light and dark", () => {
  it.for([
    ["that is full", "demo"],
    ["that is empty", "empty"],
  ])(
    "keeps nobody from using any page of a channel %s, fits, and asks nobody else for anything",
    async ([, channel], { expect }) => {
      const opened = await openConsole(browser, relay, "/console/", relay.key);
      const { page } = opened;
      const found: string[] = [];
      await page.getByRole("heading", { name: "Channels" }).waitFor();
      found.push(...(await listHindrances(page, "channels")));
      for (const path of PAGES) {
        // Some rows say as much as hundreds, which take long to look through.
        const filter = path === "/events" ? "?types=channel.*" : "";
        await page.goto(`${relay.url}/console/c/${channel}${path}${filter}`);
        await page.locator(READY).waitFor();
        await page.locator(".skeleton").first().waitFor({ state: "detached" });
        found.push(...(await listHindrances(page, `${channel}${path}`)));
      }
      expect(found).toEqual([]);
      // Pictures of emotes are of other hosts; nothing else is.
      expect(opened.strangers.filter((each) => !each.startsWith("image "))).toEqual([]);
      expect(listFaults(opened)).toEqual([]);
      expect(await findSecrets(opened, [relay.key])).toEqual([]);
      await opened.close();
    },
  );

  it("keeps nobody from using an event that is open, a delivery, or the tabs of the chat", async ({
    expect,
  }) => {
    const opened = await openConsole(
      browser,
      relay,
      "/console/c/demo/events?types=channel.*",
      relay.key,
    );
    const { page } = opened;
    const found: string[] = [];
    await page.locator("tbody tr").first().press("Enter");
    for (const tab of ["Raw", "Side by side", "Who got it"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.locator(".detail .skeleton").first().waitFor({ state: "detached" });
      found.push(...(await listHindrances(page, tab, true)));
    }
    await page.goto(`${relay.url}/console/c/demo/webhooks`);
    await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
    await page.locator(".delivery").first().click();
    await page.getByRole("article", { name: "Attempt 1" }).waitFor();
    found.push(...(await listHindrances(page, "a delivery", true)));
    await page.goto(`${relay.url}/console/c/demo/chat`);
    for (const tab of ["Activity", "Alerts"]) {
      await page.getByRole("tab", { name: tab }).click();
      found.push(...(await listHindrances(page, tab, true)));
    }
    await page.goto(`${relay.url}/console/c/demo/test`);
    for (const tab of ["Form", "JSON"]) {
      await page.getByRole("tab", { name: tab }).click();
      found.push(...(await listHindrances(page, tab, true)));
    }
    expect(found).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("keeps nobody from using its dialogs", async ({ expect }) => {
    const opened = await openConsole(browser, relay, "/console/c/demo/sources", relay.key);
    const { page } = opened;
    const found: string[] = [];
    const look = async (name: string): Promise<void> => {
      await page.getByRole("dialog").waitFor();
      found.push(...(await listHindrances(page, name, true)));
    };
    const leave = async (): Promise<void> => {
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await page.getByRole("button", { name: "Link a source" }).click();
    await look("protocols");
    for (const title of ["Restream", "StreamElements", "DLive", "multistreamer", "Interactive"]) {
      await page.getByRole("dialog").getByRole("button", { name: title }).click();
      await look(title);
      await leave();
      await page.getByRole("button", { name: "Link a source" }).click();
    }
    await leave();
    await page.keyboard.press("?");
    await look("keys");
    await leave();
    await page.keyboard.press("Control+k");
    await look("channels");
    await leave();
    for (const [path, name] of [
      ["settings", "Delete the channel"],
      ["settings", "Export"],
      ["access", "Make a key for this channel"],
      ["access", "New token"],
      ["webhooks", "New webhook"],
    ] as const) {
      await page.goto(`${relay.url}/console/c/demo/${path}`);
      await page.getByRole("button", { name, exact: true }).click();
      await look(name);
    }
    await page.goto(`${relay.url}/console/c/demo/webhooks`);
    await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
    for (const name of ["Rotate secret", "Recover a time", "Delete"]) {
      await page.getByRole("button", { name, exact: true }).click();
      await look(name);
      await leave();
    }
    expect(found).toEqual([]);
    await opened.close();
  });

  it("keeps nobody from using the log-in and the dock", async ({ expect }) => {
    const opened = await openConsole(browser, relay, "/console/", null);
    const { page } = opened;
    await page.getByLabel("API key").fill("trb_aaaaaaaaaaaa_mistyped");
    await page.getByText("There is a typing error").waitFor();
    const found = await listHindrances(page, "log-in");
    const { key } = await call<{ key: string }>(relay, "POST", "/keys", {
      name: "OBS dock",
      scopes: ["events:read", "events:write", "chat:write"],
      channels: ["demo"],
    });
    await page.goto(`${relay.url}/dock?channel=demo#${key}`);
    await page.locator(".chat-line").first().waitFor();
    expect(page.url()).not.toContain("trb_");
    found.push(...(await listHindrances(page, "dock")));
    for (const tab of ["Activity", "Alerts"]) {
      await page.getByRole("tab", { name: tab }).click();
      found.push(...(await listHindrances(page, tab, true)));
    }
    expect(found).toEqual([]);
    expect(await findSecrets(opened, [key])).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });
});

describe("the console's files", () => {
  it("are one page for every address, and have names of their contents that are kept for good", async ({
    expect,
  }) => {
    const pages = ["/console/", "/console/c/demo/events/x?types=chat.*", "/dock?channel=demo"];
    for (const path of pages) {
      const answer = await fetch(`${relay.url}${path}`);
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect([path, answer.status, answer.headers.get("cache-control")]).toEqual([
        path,
        200,
        "no-cache",
      ]);
      // One policy, and not two that both hold.
      expect(policy.match(/default-src/g)).toHaveLength(1);
      for (const part of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self';",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ])
        expect(policy).toContain(part);
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      const names = [...(await answer.text()).matchAll(/"(\/console\/assets\/[^"]+)"/g)];
      expect(names.length).toBeGreaterThan(2);
      for (const [, name] of names) {
        const file = await fetch(`${relay.url}${name}`);
        expect([name, file.status]).toEqual([name, 200]);
        expect(file.headers.get("cache-control")).toContain("immutable");
      }
    }
  });
});

describe("a public channel", () => {
  it("is looked at without a key, and what is not allowed says what it needs", async ({
    expect,
  }) => {
    const opened = await openConsole(browser, relay, "/console/", null);
    const { page } = opened;
    await page.getByRole("link", { name: "look at the demo" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.goto(`${relay.url}/console/c/demo/test`);
    const button = page.getByRole("button", { name: "Chat line" });
    await button.waitFor();
    expect(await button.getAttribute("aria-disabled")).toBe("true");
    expect(await button.getAttribute("title")).toContain("events:write");
    await page.goto(`${relay.url}/console/c/empty`);
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await opened.close();
  });
});

describe("the log", () => {
  it("finds words, opens an event with what its provider said, and has an address that can be sent to others", async ({
    expect,
  }) => {
    const user = {
      key: "twitch:1",
      id: "1",
      name: "Heron",
      roles: [],
      badges: [],
      anonymous: false,
    };
    const text = "a needle in the stack";
    const message = {
      id: "n1",
      text,
      fragments: [],
      action: false,
      highlighted: false,
      first: false,
    };
    const { ids } = await call<{ ids: string[] }>(relay, "POST", "/channels/demo/events", [
      { type: "chat.message", platform: "twitch", data: { user, message } },
    ]);
    const opened = await openConsole(browser, relay, "/console/c/demo/events", relay.key);
    const { page } = opened;
    await page.locator("tbody tr").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("needle");
    await page.keyboard.press("Enter");
    await page.getByText(/Searched to the beginning/).waitFor();
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(1);
    expect(page.url()).toContain("contains=needle");
    await rows.first().press("Enter");
    await page.getByRole("complementary", { name: "Selected event" }).waitFor();
    expect(page.url()).toContain(`/events/${ids[0]}`);
    await page.goto(`${relay.url}/console/c/demo/events/${ids[0]}`);
    await page.getByRole("tab", { name: "Side by side" }).click();
    await page.getByLabel("The event").getByText("needle").waitFor();
    await page.locator("tbody tr").nth(10).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await page
      .getByRole("complementary", { name: "Selected event" })
      .waitFor({ state: "detached" });
    await opened.close();
  });
});
