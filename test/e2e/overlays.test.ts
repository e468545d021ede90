import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { ENDLESS, hostileEvents } from "../overlay/support/hostile.ts";
import { openBrowser } from "./support/browser.ts";
import {
  findAxeViolations,
  makeEvent,
  openIn,
  openOverlay,
  openPreview,
  PIXEL,
  post,
} from "./support/overlays.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;

beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay(), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
});

let channels = 0;

async function makeChannel(isPublic = true): Promise<string> {
  channels += 1;
  const id = `stage-${channels}`;
  await call(relay, "POST", "/channels", { id, public: isPublic });
  return id;
}

const user = (name: string) => ({
  key: `twitch:${name}`,
  id: name,
  name,
  roles: [],
  badges: [],
  anonymous: false,
});

function say(name: string, text: string, id: string): object {
  const message = {
    id,
    text,
    fragments: [{ type: "text", text }],
    action: false,
    highlighted: false,
    first: false,
  };
  return { type: "chat.message", platform: "twitch", data: { user: user(name), message } };
}

function tip(value: string, text = "for you"): object {
  const amount = { value, currency: "EUR", kind: "fiat" };
  const message = { text, fragments: [], action: false, highlighted: false, first: false };
  return {
    type: "channel.tip",
    platform: "twitch",
    data: { user: user("Pixel"), amount, message, kind: "tip" },
  };
}

const control = (event: string, payload: object = {}, target = "alerts") => ({
  type: "overlay.broadcast",
  data: { target, event, payload },
});

describe("the chat overlay", () => {
  it("shows what is said, and hides at once what was deleted, whose author was banned, and what was cleared", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { page, strangers, troubles, close } = await openOverlay(
      browser,
      relay,
      `/overlay/chat?channel=${channel}&state=dot`,
    );
    await page.locator('main[data-state="live"]').waitFor();
    await post(relay, channel, [
      say("Pixel", "hello", "m1"),
      say("Moss", "to be deleted", "m2"),
      say("Moss", "stays", "m3"),
      say("Rude", "rude words", "m4"),
    ]);
    const rows = page.locator(".message");
    await rows.nth(3).waitFor();
    const texts = () => page.locator(".message .text").allTextContents();
    const waitFor = (words: string[]) =>
      page.waitForFunction(
        (wanted) =>
          JSON.stringify(
            [...document.querySelectorAll(".message .text")].map((node) => node.textContent),
          ) === wanted,
        JSON.stringify(words),
      );
    await post(relay, channel, [
      { type: "chat.message.deleted", platform: "twitch", data: { messageIds: ["m2"] } },
    ]);
    await waitFor(["hello", "stays", "rude words"]);
    await post(relay, channel, [
      { type: "moderation.ban", platform: "twitch", data: { user: user("Rude") } },
    ]);
    await waitFor(["hello", "stays"]);
    await post(relay, channel, [say("Rude", "and more", "m5"), say("Pixel", "calm", "m6")]);
    await waitFor(["hello", "stays", "calm"]);
    await post(relay, channel, [
      { type: "chat.cleared", platform: "twitch", data: { scope: "user", user: user("Pixel") } },
    ]);
    await waitFor(["stays"]);
    await post(relay, channel, [
      { type: "chat.cleared", platform: "twitch", data: { scope: "all" } },
    ]);
    await waitFor([]);
    expect(await texts()).toEqual([]);
    expect([strangers, troubles]).toEqual([[], []]);
    await close();
  });

  it("begins with so many lines of before, and without those that were deleted", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const lines = Array.from({ length: 6 }, (_, at) => say("Pixel", `line ${at}`, `m${at}`));
    await post(relay, channel, lines);
    await post(relay, channel, [
      { type: "chat.message.deleted", platform: "twitch", data: { messageIds: ["m4"] } },
    ]);
    const { page, close } = await openOverlay(
      browser,
      relay,
      `/overlay/chat?channel=${channel}&rewind=4`,
    );
    await page.getByText("line 5").waitFor();
    expect(await page.locator(".message .text").allTextContents()).toEqual(["line 3", "line 5"]);
    await close();
  });

  it("shows a line after its delay, and never one that was deleted within it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { page, close } = await openOverlay(
      browser,
      relay,
      `/overlay/chat?channel=${channel}&delay=1&state=dot`,
    );
    await page.locator('main[data-state="live"]').waitFor();
    const begun = Date.now();
    await post(relay, channel, [say("Rude", "gone", "m1"), say("Pixel", "stays", "m2")]);
    await post(relay, channel, [
      { type: "chat.message.deleted", platform: "twitch", data: { messageIds: ["m1"] } },
    ]);
    await page.getByText("stays").waitFor();
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000);
    expect(await page.locator(".message").count()).toBe(1);
    await close();
  });

  it("has its key in no address that is asked for, and asks three times and nobody else", async ({
    expect,
  }) => {
    const channel = await makeChannel(false);
    const made = await call<{ key: string }>(relay, "POST", `/channels/${channel}/overlay-keys`, {
      name: "chat",
    });
    await post(relay, channel, [say("Pixel", "in private", "m1")]);
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await openIn(page, relay, `/overlay/chat?channel=${channel}#${made.key}`);
    await page.getByText("in private").waitFor();
    expect(asked.filter((url) => url.split("#")[0]?.includes(made.key))).toEqual([]);
    expect(
      asked.filter((url) => new URL(url).origin !== relay.url && !url.startsWith("data:")),
    ).toEqual([]);
    expect(asked.filter((url) => url.includes("/overlay/")).length).toBe(3);
    await context.close();
  });

  it("is styled by what is typed into OBS, without a word of importance", async ({ expect }) => {
    const { page, troubles, close } = await openOverlay(
      browser,
      relay,
      "/overlay/chat?demo=static&theme=neon",
    );
    await page.locator(".message").first().waitFor();
    await page.evaluate(() => {
      const style = document.createElement("style");
      style.append(".name { color: rgb(1, 2, 3) } .message { background: rgb(4, 5, 6) }");
      document.head.append(style);
    });
    const styles = await page
      .locator(".message")
      .first()
      .evaluate((row) => {
        const name = row.querySelector(".name");
        return [getComputedStyle(row).backgroundColor, name && getComputedStyle(name).color];
      });
    expect(styles).toEqual(["rgb(4, 5, 6)", "rgb(1, 2, 3)"]);
    expect(troubles).toEqual([]);
    await close();
  });

  it("has rows whose names and attributes stay as they are", async ({ expect }) => {
    const page = await browser.newPage();
    await page.route(
      (url) => url.hostname.endsWith("jtvnw.net"),
      (route) => route.fulfill({ contentType: "image/png", body: PIXEL }),
    );
    const { frame, give } = await openPreview(page, relay, "/overlay/chat?demo=on&animate=on");
    const image = "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0";
    const message = {
      text: "hello Kappa @you",
      first: true,
      highlighted: true,
      action: true,
      fragments: [
        { type: "text", text: "hello " },
        { type: "emote", text: "Kappa", image },
        { type: "text", text: " " },
        { type: "mention", text: "@you" },
      ],
    };
    const sender = { ...user("PixelFern"), color: "#ff69b4", roles: ["moderator", "subscriber"] };
    await give([
      makeEvent(1, "overlay.broadcast", { target: "*", event: "clear" }, { provider: "api" }),
      makeEvent(2, "chat.message", { user: sender, message }, { test: true }),
    ]);
    const row = frame.locator(".message");
    await row.getByText("@you").waitFor();
    const html = await frame
      .locator(".message")
      .last()
      .evaluate((node) => node.outerHTML);
    expect(html).toBe(
      `<div class="message" data-platform="twitch" data-provider="restream" data-test="" data-roles="moderator subscriber" data-first="" data-highlighted="" data-action="" style="--user-color: #ff69b4;">` +
        `<span class="platform"></span> <span class="name">PixelFern</span> ` +
        `<span class="text">hello <img class="emote" alt="Kappa" decoding="async" referrerpolicy="no-referrer" src="${image}"> <span class="mention">@you</span></span></div>`,
    );
    await page.close();
  });
});

describe("emotes of other services", () => {
  it("are shown as the relay has joined them, and are words where it has none", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await post(relay, channel, [say("Pixel", "so catJAM hat KEKW", "m1")]);
    const texts: string[] = [];
    for (const answer of [
      {
        emotes: {
          catJAM: { u: "https://cdn.7tv.example/1/2x.webp", w: 64, h: 64, z: 0 },
          hat: { u: "https://cdn.betterttv.example/2/2x", w: 56, h: 56, z: 1 },
        },
      },
      null,
    ]) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.route("**/v1/channels/*/emotes?*", (route) =>
        answer === null ? route.fulfill({ status: 404 }) : route.fulfill({ json: answer }),
      );
      await openIn(page, relay, `/overlay/chat?channel=${channel}&emotes=platform,7tv,bttv`);
      const text = page.locator(".message .text");
      await text.waitFor();
      texts.push(
        await text.evaluate((node) => node.innerHTML.replaceAll(/ (decoding|refer|src)[^>]*/g, "")),
      );
      await context.close();
    }
    expect(texts).toEqual([
      `so <img class="emote" alt="catJAM"> <img class="emote" alt="hat"> KEKW`,
      "so catJAM hat KEKW",
    ]);
  });
});

describe("emotes of one service alone", () => {
  it("are shown, and the platform's own are words", async ({ expect }) => {
    const channel = await makeChannel();
    const image = "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0";
    const message = {
      id: "m1",
      text: "Kappa catJAM",
      fragments: [
        { type: "emote", text: "Kappa", emote: { id: "25", name: "Kappa", image } },
        { type: "text", text: " catJAM" },
      ],
      action: false,
      highlighted: false,
      first: false,
    };
    const data = { user: user("Pixel"), message };
    await post(relay, channel, [{ type: "chat.message", platform: "twitch", data }]);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/v1/channels/*/emotes?*", (route) =>
      route.fulfill({ json: { emotes: { catJAM: { u: "https://cdn.7tv.example/1/2x.webp" } } } }),
    );
    await openIn(page, relay, `/overlay/chat?channel=${channel}&emotes=7tv`);
    const text = page.locator(".message .text");
    await text.waitFor();
    const html = await text.evaluate((node) => node.innerHTML);
    expect(html.replaceAll(/ (decoding|refer|src)[^>]*/g, "")).toBe(
      `Kappa <img class="emote" alt="catJAM">`,
    );
    await context.close();
  });
});

describe("a picture that cannot be loaded", () => {
  it("is its words where it was an emote, and is gone where it was a badge", async ({ expect }) => {
    const channel = await makeChannel();
    const context = await browser.newContext();
    const page = await context.newPage();
    await openIn(page, relay, `/overlay/chat?channel=${channel}`);
    await page.route("**/static-cdn.jtvnw.net/**", (route) => route.abort());
    const picture = "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0";
    const badges = ["Moderator", "Subscriber"].map((title) => ({
      set: "s",
      title,
      image: picture,
    }));
    const message = {
      id: "m1",
      text: "so Kappa",
      fragments: [
        { type: "text", text: "so " },
        { type: "emote", text: "Kappa", emote: { id: "25", name: "Kappa", image: picture } },
      ],
      action: false,
      highlighted: false,
      first: false,
    };
    const who = { ...user("Pixel"), badges };
    await post(relay, channel, [
      { type: "chat.message", platform: "twitch", data: { user: who, message } },
    ]);
    await page.locator(".message .text").waitFor();
    await page.waitForFunction(() => document.querySelector(".message img") === null);
    const words = await page.locator(".message").innerText();
    expect(words.replaceAll(/\s+/g, " ").trim()).toBe("Pixel so Kappa");
    await context.close();
  });
});

describe("the alerts overlay", () => {
  it("plays each alert of a burst once, whenever it is loaded anew", async ({ expect }) => {
    const channel = await makeChannel();
    const context = await browser.newContext();
    const page = await context.newPage();
    const shown: string[] = [];
    await page.exposeFunction("noteShown", (text: string) => void shown.push(text));
    await page.addInitScript(() => {
      new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        for (const node of added) {
          if (node instanceof HTMLElement && node.matches(".alert")) {
            (window as unknown as { noteShown(text: string): void }).noteShown(
              node.querySelector(".text")?.textContent ?? "",
            );
          }
        }
      }).observe(document, { childList: true, subtree: true });
    });
    const address = `/overlay/alerts?channel=${channel}&duration=2&pause=0&sound=off&state=dot`;
    await openIn(page, relay, address);
    await page.locator('main[data-state="live"]').waitFor();
    await post(
      relay,
      channel,
      Array.from({ length: 9 }, (_, at) => tip(String(at + 1), `tip ${at + 1}`)),
    );
    for (const words of ["tip 1", "tip 2", "tip 4"]) {
      await page.locator(".alert:not([data-leaving])").getByText(words).waitFor();
      await page.reload();
    }
    await page.locator(".alert:not([data-leaving])").getByText("tip 9").waitFor();
    expect(shown).toEqual(Array.from({ length: 9 }, (_, at) => `tip ${at + 1}`));
    await context.close();
  });

  it("plays on one of two pages of one source, and the other goes on when that is gone", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const context = await browser.newContext();
    const address = `/overlay/alerts?channel=${channel}&duration=2&pause=0&sound=off&state=dot`;
    const pages = [await context.newPage(), await context.newPage()] as const;
    for (const page of pages) {
      await openIn(page, relay, address);
      await page.locator('main[data-state="live"]').waitFor();
    }
    await post(relay, channel, [tip("1", "first"), tip("2", "second"), tip("3", "third")]);
    await Promise.any(pages.map((page) => page.getByText("first").waitFor()));
    const counts = await Promise.all(pages.map((page) => page.locator(".alert").count()));
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 1]);
    const [player, other] = counts[0] === 1 ? pages : [pages[1], pages[0]];
    await player.getByText("second").waitFor();
    await player.close();
    await other.getByText("third").waitFor();
    expect(await other.getByText("first").count()).toBe(0);
    await context.close();
  });

  it("plays what is made up on each page that shows it", async ({ expect }) => {
    const page = await browser.newPage();
    const frame = '<iframe src="/overlay/alerts?demo=static&amp;sound=off"></iframe>';
    await page.route(`${relay.url}/studio`, (route) =>
      route.fulfill({ contentType: "text/html", body: frame + frame }),
    );
    await page.goto(`${relay.url}/studio`);
    for (const each of page.frames().slice(1)) await each.locator(".alert").waitFor();
    expect(page.frames().length).toBe(3);
    await page.close();
  });

  it("obeys what is posted, keeps its pause over a reload, and holds what comes while OBS does not show it", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { page, close } = await openOverlay(
      browser,
      relay,
      `/overlay/alerts?channel=${channel}&pause=0&sound=off&state=dot`,
    );
    const isLive = () => page.locator('main[data-state="live"]').waitFor();
    await isLive();
    await post(relay, channel, [control("pause")]);
    await page.reload();
    await isLive();
    await post(relay, channel, [tip("5", "waited"), control("show"), say("Pixel", "x", "m1")]);
    await post(relay, channel, [control("resume")]);
    await page.getByText("waited").waitFor();
    await post(relay, channel, [control("skip")]);
    await page.locator(".alert").waitFor({ state: "detached" });
    await page.evaluate(() => {
      dispatchEvent(new CustomEvent("obsSourceActiveChanged", { detail: { active: false } }));
    });
    await post(relay, channel, [tip("6", "held back")]);
    await post(relay, channel, [control("resume")]);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(await page.locator(".alert").count()).toBe(0);
    await page.evaluate(() => {
      dispatchEvent(new CustomEvent("obsSourceActiveChanged", { detail: { active: true } }));
    });
    await page.getByText("held back").waitFor();
    await close();
  });
});

describe("the goal overlay", () => {
  it("counts what was given since, and what is given now", async ({ expect }) => {
    const channel = await makeChannel();
    await post(relay, channel, [
      { type: "stream.online", platform: "twitch", data: {} },
      tip("10"),
      tip("5.50"),
    ]);
    const { page, close } = await openOverlay(
      browser,
      relay,
      `/overlay/goal?channel=${channel}&of=tip&target=40&lang=en`,
    );
    await page.getByText("€15.50").waitFor();
    await post(relay, channel, [tip("4.50"), { ...tip("100"), test: true }]);
    await page.getByText("€20", { exact: true }).waitFor();
    expect(await page.locator(".percent").textContent()).toBe("50%");
    await close();
  });
});

describe("the featured overlay", () => {
  it("shows the message that is featured, also after a reload, until it is deleted", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [id = ""] = await post(relay, channel, [say("Pixel", "look at me", "m1")]);
    const { page, close } = await openOverlay(
      browser,
      relay,
      `/overlay/featured?channel=${channel}&state=dot`,
    );
    await page.locator('main[data-state="live"]').waitFor();
    await post(relay, channel, [control("feature", { id }, "featured")]);
    await page.getByText("look at me").waitFor();
    await page.reload();
    await page.getByText("look at me").waitFor();
    await post(relay, channel, [
      { type: "chat.message.deleted", platform: "twitch", data: { messageIds: ["m1"] } },
    ]);
    await page.locator(".feature").waitFor({ state: "detached" });
    expect(await page.locator(".feature").count()).toBe(0);
    await close();
  });
});

const KINDS = ["chat", "alerts", "events", "goal", "featured", "viewers"];
const THEMES = ["plain", "card", "bubbles", "compact", "neon", "paper", "contrast"];

describe("hostile words", () => {
  it.for(KINDS)(
    "break no layout and no policy of %s, and have nobody asked",
    async (kind, { expect }) => {
      const page = await browser.newPage({ viewport: { width: 500, height: 800 } });
      const strangers: string[] = [];
      const troubles: string[] = [];
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== relay.url && protocol !== "data:") strangers.push(request.url());
      });
      page.on("console", (message) => {
        if (/CSP|Content Security|TrustedHTML/.test(message.text())) troubles.push(message.text());
      });
      page.on("pageerror", (error) => troubles.push(String(error)));
      const types =
        kind === "chat" ? "" : "&types=follow,subscription,gift,tip,raid,redemption&limit=50";
      const { frame, give } = await openPreview(
        page,
        relay,
        `/overlay/${kind}?demo=on&avatars=on&source=tip&of=tip&twins=show&pause=0&sound=off${types}`,
      );
      const events = hostileEvents().map(({ type, data, more }, at) =>
        makeEvent(at + 1, type, data, more),
      );
      const endless = makeEvent(9_000, "chat.message", {
        user: user(ENDLESS),
        message: { text: ENDLESS },
      });
      const skip = makeEvent(
        9_001,
        "overlay.broadcast",
        { target: "alerts", event: "skip" },
        { provider: "api" },
      );
      const look = () =>
        frame.evaluate(() => {
          const wide = [...document.querySelectorAll("main > *, main .message, .event, .panel")]
            .filter((node) => !node.closest("[data-layout=ticker]"))
            .map((node) => node.getBoundingClientRect())
            .filter(({ left, right }) => left < -1 || right > innerWidth + 1).length;
          const tall = [...document.querySelectorAll(".message, .panel")].filter(
            (node) => node.getBoundingClientRect().height > innerHeight,
          ).length;
          const alien = document.querySelectorAll(
            "main :is(script, iframe, style, base, svg, a, object)",
          ).length;
          const sources = [...document.images].filter(
            ({ src }) => !src.startsWith("https://"),
          ).length;
          return { wide, tall, alien, sources, title: document.title.includes("pwned") };
        });
      for (let at = 0; at < events.length; at += 6) {
        await give([...events.slice(at, at + 6), ...(kind === "alerts" ? [skip] : [])]);
        await frame.evaluate(
          () => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 40)),
        );
        expect(await look()).toEqual({ wide: 0, tall: 0, alien: 0, sources: 0, title: false });
      }
      await give([endless]);
      await frame.evaluate(
        () => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 60)),
      );
      expect(await look()).toEqual({ wide: 0, tall: 0, alien: 0, sources: 0, title: false });
      expect([strangers, troubles]).toEqual([[], []]);
      await page.close();
    },
  );
});

describe("a card", () => {
  it.for([
    ["alerts", ".alert", 800, 300, 26],
    ["alerts", ".alert", 800, 300, 48],
    ["alerts", ".alert", 400, 150, 26],
    ["featured", ".feature", 900, 260, 48],
    ["featured", ".feature", 450, 130, 26],
    ["goal", ".goal", 600, 100, 40],
    ["goal", ".goal", 300, 60, 26],
    ["viewers", ".viewers", 300, 80, 48],
    ["viewers", ".viewers", 150, 40, 26],
  ] as const)(
    "of %s (%s) fits a source of %d × %d with letters of %d, whatever its words",
    async ([kind, name, width, height, size], { expect }) => {
      const page = await browser.newPage({ viewport: { width, height } });
      const title = encodeURIComponent("A new microphone for the studio in the attic");
      const picture = encodeURIComponent("https://pictures.example/tip.svg");
      await page.route("https://pictures.example/**", (route) =>
        route.fulfill({
          contentType: "image/svg+xml",
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>',
        }),
      );
      const { frame, give } = await openPreview(
        page,
        relay,
        `/overlay/${kind}?demo=on&size=${size}&show=each&sound=off&of=tip&source=tip&title=${title}&image.tip=${picture}`,
      );
      const message = { text: "for the new microphone, it sounds wonderful ".repeat(4) };
      const amount = { value: "123456789012", currency: "EUR", kind: "fiat" };
      await give([
        makeEvent(1, "overlay.broadcast", { target: "*", event: "clear" }, { provider: "api" }),
        makeEvent(2, "stream.viewers", { count: 123_456 }),
        makeEvent(3, "stream.viewers", { count: 98_765 }, { platform: "youtube" }),
        makeEvent(4, "channel.tip", { user: user("somebody_with_a_name"), amount, message }),
      ]);
      const card = frame.locator(`${name}:not([data-leaving])`).filter({ hasText: /123,456|€1/ });
      await card.waitFor();
      const seen = await card.evaluate(async (node) => {
        await Promise.all([...node.querySelectorAll("img")].map((image) => image.decode()));
        await new Promise(requestAnimationFrame);
        // It comes in from outside.
        const coming = document.getAnimations().filter(({ effect }) => {
          return Number(effect?.getComputedTiming().endTime) < 5_000;
        });
        await Promise.allSettled(coming.map(({ finished }) => finished));
        const { left, top, right, bottom } = node.getBoundingClientRect();
        const { scrollHeight, clientHeight, scrollWidth, clientWidth } = node;
        return {
          isCut: scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1,
          isInside: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
        };
      });
      expect(seen).toEqual({ isCut: false, isInside: true });
      await page.close();
    },
  );
});

describe("every overlay", () => {
  it.for(KINDS)(
    "%s can be used by everybody: axe finds nothing, in any theme",
    async (kind, { expect }) => {
      const found: string[] = [];
      for (const theme of THEMES) {
        const { page, close } = await openOverlay(
          browser,
          relay,
          `/overlay/${kind}?demo=static&theme=${theme}&backdrop=dark&motion=none&sound=off`,
        );
        await page.locator("main *").first().waitFor();
        // Axe takes an outline for the letter: it knows nothing of the order in which both are painted.
        await page.addStyleTag({ content: "* { -webkit-text-stroke: 0 !important }" });
        found.push(...(await findAxeViolations(page)).map((each) => `${theme}: ${each}`));
        await close();
      }
      expect(found).toEqual([]);
    },
  );

  it.for(KINDS)(
    "%s shows made-up events without a relay, and nothing else is asked for",
    async (kind, { expect }) => {
      const { page, strangers, troubles, close } = await openOverlay(
        browser,
        relay,
        `/overlay/${kind}?demo=on&sound=off`,
      );
      await page.locator(".message, .alert, .event, .goal, .feature, .viewer").first().waitFor();
      expect([strangers, troubles]).toEqual([[], []]);
      await close();
    },
  );

  it("is framed by pages of the relay, with and without an origin, and by no other", async ({
    expect,
  }) => {
    const context = await browser.newContext();
    const overlay = `${relay.url}/overlay/chat?demo=1`;
    const body = `<iframe src="${overlay}"></iframe><iframe sandbox="allow-scripts" src="${overlay}"></iframe>`;
    const addresses = [`${relay.url}/form`, "http://stranger.example/"];
    const counts: number[] = [];
    for (const address of addresses) {
      const page = await context.newPage();
      await page.route(address, (route) => route.fulfill({ contentType: "text/html", body }));
      await page.goto(address);
      const frames = page.frames().slice(1);
      await Promise.all(frames.map((frame) => frame.waitForLoadState("load")));
      const shown = frames.filter((frame) => frame.url() === overlay);
      await Promise.all(shown.map((frame) => frame.locator(".message").first().waitFor()));
      counts.push(shown.length);
    }
    expect(counts).toEqual([2, 0]);
    await context.close();
  });

  it("has a table of its parameters, for whoever makes a form of them", async ({ expect }) => {
    const answer = await fetch(`${relay.url}/overlay/parameters.json`);
    const tables = (await answer.json()) as Record<
      string,
      { width: number; parameters: Record<string, { label: string }> }
    >;
    expect(Object.keys(tables)).toEqual(KINDS);
    expect(tables["chat"]?.parameters["limit"]).toMatchObject({
      kind: "whole",
      min: 1,
      max: 200,
      default: 50,
      label: "Lines at most",
    });
  });
});
