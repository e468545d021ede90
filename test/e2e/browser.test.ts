import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;

beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay({ demo: true }), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
});

interface Heard {
  readonly protocol: string;
  readonly types: string[];
  readonly providers: string[];
}

/** What a page does: opens the native socket, and hears all five providers. Runs in the browser. */
async function hear({ url, protocols }: { url: string; protocols: string[] }): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols);
    const types: string[] = [];
    const providers = new Set<string>();
    socket.addEventListener("error", () => reject(new Error("no socket")));
    socket.addEventListener("message", ({ data }) => {
      const frame = JSON.parse(data) as { type: string; events?: { provider: string }[] };
      types.push(frame.type);
      for (const { provider } of frame.events ?? []) providers.add(provider);
      if (providers.size < 6) return;
      resolve({ protocol: socket.protocol, types, providers: [...providers].toSorted() });
      socket.close();
    });
  });
}

describe("in a browser", () => {
  it("a page hears the demo over the native socket, with a ticket", async ({ expect }) => {
    const page = await browser.newPage();
    await page.goto(`${relay.url}/v1/docs`);
    const { ticket } = await call<{ ticket: string }>(relay, "POST", "/channels/demo/tickets");
    const heard = await page.evaluate(hear, {
      url: `${relay.socketUrl}/v1/channels/demo/socket?rewind=100`,
      protocols: ["tributary.v1", `ticket.${ticket}`],
    });
    expect(heard.protocol).toBe("tributary.v1");
    expect(heard.types[0]).toBe("hello");
    expect(heard.providers).toEqual([
      "astro",
      "dlive",
      "interactive-sync",
      "multistreamer",
      "restream",
      "twitch-irc",
    ]);
    await page.close();
  });

  it("the overlays that npm start names show the demo", async ({ expect }) => {
    const addresses = relay.output().match(/http:\S+\/overlay\/\S+/g) ?? [];
    expect(addresses.map((address) => new URL(address).pathname)).toEqual(
      ["chat", "alerts", "events", "goal", "featured", "viewers"].map((kind) => `/overlay/${kind}`),
    );
    await Promise.all(
      addresses.map(async (address) => {
        const page = await browser.newPage();
        await page.goto(address);
        // What is featured has words with it, which not every tip of the demo has: it comes in time.
        await page
          .locator(".message, .alert, .event, .goal, .feature, .viewer")
          .first()
          .waitFor({ timeout: 120_000 });
        await page.close();
      }),
    );
  });

  it("a page that the relay does not know gets no socket", async ({ expect }) => {
    const page = await browser.newPage();
    await page.route("https://stranger.example/", (route) =>
      route.fulfill({ contentType: "text/html", body: "<title>stranger</title>" }),
    );
    await page.goto("https://stranger.example/");
    const url = `${relay.socketUrl}/v1/channels/demo/socket`;
    await expect(page.evaluate(hear, { url, protocols: [] })).rejects.toThrow("no socket");
    await page.close();
  });

  it("an EventSource hears the same, and resumes by itself", async ({ expect }) => {
    const page = await browser.newPage();
    await page.goto(`${relay.url}/v1/docs`);
    const ids = await page.evaluate(
      (url) =>
        new Promise<string[]>((resolve, reject) => {
          const source = new EventSource(url);
          const heard: string[] = [];
          source.addEventListener("error", () => reject(new Error("no stream")));
          source.addEventListener("chat.message", ({ lastEventId }) => {
            heard.push(lastEventId);
            if (heard.length === 3) resolve(heard);
          });
        }),
      `${relay.url}/v1/channels/demo/stream?rewind=100`,
    );
    const seqs = ids.map((id) => Number(id.split("-")[1]));
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(3);
    await page.close();
  });

  it("the docs show every part of the API, and ask nobody else for anything", async ({
    expect,
  }) => {
    const page = await browser.newPage();
    const asked = new Set<string>();
    const troubles: string[] = [];
    page.on("request", (request) => asked.add(new URL(request.url()).origin));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    await page.goto(`${relay.url}/v1/docs`);
    await page.locator(".opblock").first().waitFor();
    const tags = await page.locator(".opblock-tag").allTextContents();
    expect(tags.map((tag) => tag.trim())).toEqual(
      expect.arrayContaining(["Channels", "Providers", "Events", "Keys", "Live"]),
    );
    expect(await page.locator(".errors-wrapper").count()).toBe(0);
    expect([...asked]).toEqual([relay.url]);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it.for([
    { width: 360, colorScheme: "light" },
    { width: 360, colorScheme: "dark" },
    { width: 1440, colorScheme: "dark" },
  ] as const)(
    "the page of events shows every type and is searched, $width wide and $colorScheme",
    async ({ width, colorScheme }, { expect }) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const asked = new Set<string>();
      const troubles: string[] = [];
      page.on("request", (request) => asked.add(new URL(request.url()).origin));
      page.on("console", (message) => troubles.push(message.text()));
      page.on("pageerror", (error) => troubles.push(error.message));
      const answer = await page.goto(`${relay.url}/v1/docs/events`);
      const policy = answer?.headers()["content-security-policy"] ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; [^,]*$/);
      const { data } = await call<{ data: { type: string }[] }>(relay, "GET", "/schemas");
      const shown = await page.locator("article[id]").evaluateAll((all) => all.map(({ id }) => id));
      expect(shown).toEqual(expect.arrayContaining(data.map(({ type }) => type)));
      expect(await page.locator("article details pre").count()).toBeGreaterThanOrEqual(data.length);
      // Nothing is wider than the screen.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.keyboard.press("/");
      await page.keyboard.type("messageIds");
      expect(await page.locator("article:visible h3").allTextContents()).toEqual([
        "chat.message.deleted",
      ]);
      // A link out of what was found leads to what it names.
      await page.locator("article:visible a[href='#Person']").first().click();
      await page.locator("#Person").waitFor();
      expect([...asked]).toEqual([relay.url]);
      expect(troubles).toEqual([]);
      await page.close();
    },
  );
});
