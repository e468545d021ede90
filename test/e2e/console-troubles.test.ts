import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type EmulatorOf } from "../emulators/index.ts";
import { startReceiver, type Receiver } from "../support/receiver.ts";
import { openBrowser } from "./support/browser.ts";
import { findSecrets, listFaults, openConsole } from "./support/console.ts";
import { findAxeViolations } from "./support/overlays.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;
let service: EmulatorOf<"multistreamer">;
let dlive: EmulatorOf<"dlive">;
let restream: EmulatorOf<"restream">;
let twitch: EmulatorOf<"twitch-irc">;
let receiver: Receiver;

beforeAll(async () => {
  [relay, browser, service, dlive, restream, twitch, receiver] = await Promise.all([
    startRelay(),
    openBrowser(),
    startEmulator("multistreamer"),
    startEmulator("dlive"),
    startEmulator("restream"),
    startEmulator("twitch-irc"),
    startReceiver(),
  ]);
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
  const services = [service, dlive, restream, twitch, receiver];
  await Promise.all(services.map((each) => each.close()));
});

const SIGNING_SECRET = /whsec_[A-Za-z0-9+/]{16}/;

async function makeKey(channel: string): Promise<{ id: string; key: string }> {
  await call(relay, "POST", "/channels", { id: channel, name: channel });
  return call(relay, "POST", "/keys", {
    name: "of a test",
    scopes: ["events:read", "events:write", "chat:write", "webhooks:manage", "channels:manage"],
    channels: [channel],
  });
}

describe("the console", () => {
  it("goes back to the log-in when its key is revoked in the middle, and to the same page after it", async ({
    expect,
  }) => {
    const { id, key } = await makeKey("revoked");
    const opened = await openConsole(browser, relay, "/console/", null);
    const { page } = opened;
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: /revoked/ }).click();
    await page.getByRole("link", { name: "Test events" }).click();
    await page.getByRole("heading", { name: "Test events" }).waitFor();
    // A reload keeps it, as long as the tab is there.
    await page.reload();
    await page.getByRole("heading", { name: "Test events" }).waitFor();
    // A socket that is refused on its way in is told of by the browser.
    await page.getByText("Connected", { exact: true }).waitFor();
    await call(relay, "DELETE", `/keys/${id}`);
    await page.getByText("Your key no longer holds").waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem("tributary.session"))).toBeNull();
    await page.getByLabel("API key").fill(relay.key);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Test events" }).waitFor();
    expect(page.url()).toContain("/console/c/revoked/test");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(await findSecrets(opened, [relay.key, key])).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("says that a relay is away, keeps what it shows, and goes on by itself when it is back", async ({
    expect,
  }) => {
    await makeKey("away");
    const opened = await openConsole(browser, relay, "/console/c/away/events", relay.key);
    const { page } = opened;
    await call(relay, "POST", "/channels/away/events", { type: "custom.before", data: {} });
    await page.getByRole("cell", { name: "custom.before" }).waitFor();
    const { data, url } = relay;
    await relay.kill();
    await page.locator(".away", { hasText: /away|could not be reached/ }).waitFor();
    expect(await page.getByRole("cell", { name: "custom.before" }).isVisible()).toBe(true);
    relay = await startRelay({ data, port: Number(new URL(url).port) });
    await call(relay, "POST", "/channels/away/events", { type: "custom.after", data: {} });
    await page.getByRole("cell", { name: "custom.after" }).waitFor({ timeout: 90_000 });
    await page
      .locator(".away", { hasText: /away|could not be reached/ })
      .waitFor({ state: "detached" });
    // What could not be read meanwhile was read by itself.
    await page.locator(".problem").waitFor({ state: "detached" });
    await opened.close();
  });

  it("says why a source is refused and what to do, keeps what was typed but secrets, and is mended in the same dialog", async ({
    expect,
  }) => {
    await makeKey("refused");
    await service.do({ action: "token", value: "the-right-token" });
    const opened = await openConsole(browser, relay, "/console/c/refused/sources", relay.key);
    const { page } = opened;
    await page.getByRole("button", { name: "Link a source" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "multistreamer" }).click();
    await dialog.getByLabel("Address").fill(new URL("/", service.url).href);
    await dialog.getByLabel("Number of the stream").fill("31");
    await dialog.getByLabel("Token", { exact: true }).fill("a-wrong-token");
    await dialog.getByRole("button", { name: "Link", exact: true }).click();
    await dialog.getByText("The token was refused").waitFor();
    expect(await dialog.getByLabel("Number of the stream").inputValue()).toBe("31");
    expect(await dialog.getByLabel("Token", { exact: true }).inputValue()).toBe("");
    await dialog.getByLabel("Token", { exact: true }).fill("Bearer the-right-token");
    await dialog.getByRole("button", { name: "Try again with these" }).click();
    await dialog.getByText(/It tells of \d accounts/).waitFor();
    await dialog.getByRole("button", { name: "Looks right" }).click();
    await page
      .getByRole("article", { name: "multistreamer" })
      .getByText("Connected")
      .first()
      .waitFor();
    expect(await findSecrets(opened, ["a-wrong-token", "the-right-token"])).toEqual([]);
    await service.do({ action: "token", value: null });
    await opened.close();
  });

  it("asks for a service's consent beside the form, and says so where there was none", async ({
    expect,
  }) => {
    await makeKey("consent");
    const opened = await openConsole(browser, relay, "/console/c/consent/sources?link", relay.key);
    const { page } = opened;
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Restream" }).click();
    await dialog.getByText(`${relay.url}/oauth/callback`).waitFor();
    await dialog.getByLabel("Client id").first().fill("an-application");
    await dialog.getByLabel("Client secret").first().fill("the-secret-of-an-application");
    await dialog.getByRole("button", { name: "Connect" }).click();
    const link = dialog.getByRole("link", { name: "Open Restream" });
    const address = new URL((await link.getAttribute("href")) ?? "");
    expect(address.hostname).toBe("api.restream.io");
    expect(await findSecrets(opened, ["the-secret-of-an-application"])).toEqual([]);
    const state = address.searchParams.get("state") ?? "";
    await fetch(
      `${relay.url}/oauth/callback?error=access_denied&state=${encodeURIComponent(state)}`,
    );
    await dialog.getByText("You said no there").waitFor();
    expect(await dialog.getByLabel("Client id").first().inputValue()).toBe("an-application");
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("gives a source that stopped new tokens, once its owner has consented on the service's page", async ({
    expect,
  }) => {
    await makeKey("renewed");
    await restream.do({ action: "token", value: "a-token-of-today" });
    const link = {
      protocol: "restream",
      url: restream.url,
      credentials: { accessToken: "of-old" },
    };
    await call(relay, "POST", "/channels/renewed/providers", { target: {}, ...link });
    const opened = await openConsole(browser, relay, "/console/c/renewed/sources", relay.key);
    const { page } = opened;
    const card = page.getByRole("article", { name: "Restream" });
    await card.getByText("The token was refused").first().waitFor();
    await card.getByRole("button", { name: "Change credentials" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Client id").first().fill("an-application");
    await dialog.getByLabel("Client secret").first().fill("the-secret-of-an-application");
    await dialog.getByRole("button", { name: "Connect" }).click();
    const [consent] = await Promise.all([
      page.context().waitForEvent("page"),
      dialog.getByRole("link", { name: "Open Restream" }).click(),
    ]);
    // It closes by itself once the account is linked.
    if (!consent.isClosed()) await consent.waitForEvent("close");
    await dialog.getByRole("button", { name: "Looks right" }).click();
    await card.getByText("Connected").first().waitFor();
    const { issued } = restream.truth().tokens;
    const tokens = issued.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
    expect(tokens.length).toBeGreaterThan(0);
    expect(await findSecrets(opened, ["the-secret-of-an-application", ...tokens])).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("shows a word to type at Twitch's, follows what becomes of it, and the account writes", async ({
    expect,
  }) => {
    await makeKey("typed");
    await twitch.do({ action: "knobs", deviceIntervalSeconds: 1, consent: "deny" });
    const link = { protocol: "twitch-irc", target: { channel: "rivermoss" }, url: twitch.url };
    await call(relay, "POST", "/channels/typed/providers", link);
    const opened = await openConsole(browser, relay, "/console/c/typed/sources", relay.key);
    const { page } = opened;
    const card = page.getByRole("article", { name: "Twitch" });
    await card.getByRole("button", { name: "Change" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Log in with Twitch" }).click();
    await dialog.getByLabel("Client id").fill("a-client");
    await dialog.getByRole("button", { name: "Connect" }).click();
    await typeWord();
    await dialog.getByText("You said no there").waitFor();
    await twitch.do({ action: "knobs", consent: "allow" });
    await dialog.getByRole("button", { name: "Connect" }).click();
    await dialog.locator(".user-code").waitFor();
    expect(await findAxeViolations(page)).toEqual([]);
    await typeWord();
    await dialog.getByText("It tells of 1 account").waitFor();
    await dialog.getByRole("button", { name: "Looks right" }).click();
    await twitch.waitFor("validations>=2");
    for (;;) {
      const path = "/channels/typed/connections";
      const { data } = await call<{ data: { writable: boolean }[] }>(relay, "GET", path);
      if (data.some(({ writable }) => writable)) break;
    }
    const { issued } = twitch.truth();
    const tokens = issued.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
    expect(tokens).toHaveLength(2);
    expect(await findSecrets(opened, tokens)).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();

    /** Types the word on Twitch's page, as its owner does: both stand in the dialog. */
    async function typeWord(): Promise<void> {
      const word = await dialog.locator(".user-code").textContent();
      const address = await dialog.getByRole("link", { name: "Open Twitch" }).getAttribute("href");
      expect(new URL(address ?? "").searchParams.get("device-code")).toBe(word);
      await fetch(address ?? "");
    }
  });

  it("shows of a line where it arrived and where not, each with what is known", async ({
    expect,
  }) => {
    await makeKey("speaker");
    await dlive.do({
      action: "knobs",
      sendError: { code: 1, message: "not here" },
    });
    const links = [
      {
        protocol: "dlive",
        target: { streamer: "speaker" },
        url: dlive.url,
        credentials: { appToken: "t" },
      },
      {
        protocol: "multistreamer",
        target: { streamId: "31" },
        url: new URL("/", service.url).href,
        credentials: { token: "t" },
      },
    ];
    for (const each of links) await call(relay, "POST", "/channels/speaker/providers", each);
    const opened = await openConsole(browser, relay, "/console/c/speaker/chat", relay.key);
    const { page } = opened;
    await page.locator(".chip[aria-pressed=true]").nth(1).waitFor();
    await page.getByLabel("Message").fill("does it arrive?");
    await page.getByLabel("Message").press("Enter");
    await page.locator(".tick.good").first().waitFor();
    await page.locator(".tick.bad").first().waitFor();
    const outcome = page.locator(".outcome").first();
    expect(await outcome.locator(".wrong").first().textContent()).toMatch(/: .+\.$/);
    await outcome.getByRole("button", { name: "Put it away" }).click();
    await outcome.waitFor({ state: "detached" });
    await dlive.do({ action: "knobs", sendError: null });
    await opened.close();
  });

  it("follows a webhook from its making over a failure to a retry, and to a recovery", async ({
    expect,
  }) => {
    await makeKey("hooked");
    receiver.reply("hooked", { status: 400, body: "not today" }, { status: 204 });
    const opened = await openConsole(browser, relay, "/console/c/hooked/webhooks", relay.key);
    const { page } = opened;
    await page.getByRole("button", { name: "New webhook" }).click();
    await page.getByLabel("Address").fill(`${receiver.url}/hooks/hooked`);
    await page.getByLabel("Single types").fill("custom.*");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: "The signing secret" }).waitFor();
    // Nothing of it is in the page before it is asked to be shown.
    expect(await page.content()).not.toMatch(SIGNING_SECRET);
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText(/^whsec_/).waitFor();
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
    await call(relay, "POST", "/channels/hooked/events", { type: "custom.note", data: { n: 1 } });
    await page.getByRole("button", { name: /^failed/ }).click();
    const attempt = page.getByRole("article", { name: "Attempt 1" });
    await attempt.getByText("It refused the event").waitFor();
    await attempt.getByText("Request and answer").click();
    await attempt.getByText("not today").waitFor();
    await page.getByRole("button", { name: "Retry now" }).click();
    await page.getByRole("article", { name: "Attempt 2" }).getByText("204").first().waitFor();
    const before = receiver.hook("hooked").received.length;
    await page.getByRole("button", { name: "Recover a time" }).click();
    await page.getByLabel("Which").selectOption("all");
    await page.getByRole("button", { name: "Recover", exact: true }).click();
    await page.getByText(/all, 1 of 1/).waitFor();
    expect(receiver.hook("hooked").received.length).toBeGreaterThan(before);
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByRole("heading", { name: "The signing secret" }).waitFor();
    await page.getByRole("button", { name: "I have it" }).click();
    expect(await page.content()).not.toMatch(SIGNING_SECRET);
    expect(listFaults(opened)).toEqual([]);
    await opened.close();
  });

  it("deletes a channel only once its name was typed", async ({ expect }) => {
    await makeKey("doomed");
    const opened = await openConsole(browser, relay, "/console/c/doomed/settings", relay.key);
    const { page } = opened;
    await page.getByRole("button", { name: "Delete the channel" }).click();
    const dialog = page.getByRole("dialog");
    const button = dialog.getByRole("button", { name: "Delete for good" });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel(/Type doomed/).fill("doomed");
    await button.click();
    await page.getByRole("heading", { name: "Channels" }).waitFor();
    expect(await page.getByRole("link", { name: /doomed/ }).count()).toBe(0);
    await opened.close();
  });
});
