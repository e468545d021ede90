import { join } from "node:path";

import { build } from "esbuild";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it, onTestFinished } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { startFront, type Front } from "./support/front.ts";
import { startDlive } from "./support/provider.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { Burst, connectTo } from "./support/sdk.ts";

const root = join(import.meta.dirname, "../..");

/**
 * A page that notes what it hears where a reload does not reach it, and shows its state. Pages with
 * other names note apart; `shares` has them keep one place for all.
 */
const PAGE = `
import { Tributary, webPositions } from "./src/client/index.ts";
const { key, id, after, name = id, shares } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const positions = shares ? webPositions(localStorage) : undefined;
const channel = new Tributary({ auth: key }).channel(id, { consumer: "page", positions, from: { after } });
channel.addEventListener("state", ({ detail }) => {
  document.title = detail.to.name;
  if (detail.to.name === "connecting") document.documentElement.lang = detail.to.via;
});
channel.on("custom.*", (event) => localStorage.setItem(name, (localStorage.getItem(name) ?? "") + event.id + " "));
globalThis.say = async (text) => [...(await (await channel.send({ text })).settled).values()];
`;

let relay: StartedRelay;
let browser: Browser;
let html = "";
let front: Front;
beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay(), openBrowser()]);
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "iife",
    target: "chrome103",
    write: false,
  });
  html = `<!doctype html><title></title><script>${outputFiles[0]?.text}</script>`;
  front = await startFront(relay.url, { page: html });
});
afterAll(async () => {
  await browser.close();
  await front.close();
  await relay.kill();
});

interface Shown {
  /** The server that it comes from. */
  readonly from?: Front;
  /** Beside another page of the same browser. */
  readonly context?: BrowserContext;
  readonly name?: string;
  readonly shares?: boolean;
}

/** Opens the page on a new channel, as one that the relay serves. */
async function open(id: string): Promise<{ page: Page; burst: Burst }> {
  await call(relay, "POST", "/channels", { id });
  return { page: await show(id), burst: new Burst(connectTo(relay).channel(id)) };
}

/** Shows the page of a channel that there is. */
async function show(id: string, { from = front, context, ...given }: Shown = {}): Promise<Page> {
  const { epoch } = await call<{ epoch: string }>(relay, "GET", `/channels/${id}`);
  const page = await (context ?? (await browser.newContext())).newPage();
  const asked = JSON.stringify({ key: relay.key, id, after: `${epoch}-0`, ...given });
  await page.goto(`${from.url}/test-page#${encodeURIComponent(asked)}`);
  return page;
}

/** Waits until the page has noted an event; answers all that it has noted. */
async function readNotes(page: Page, name: string, last: string): Promise<string[]> {
  await page.waitForFunction(
    ([which = "", end = ""]) => localStorage.getItem(which)?.endsWith(`${end} `),
    [name, last],
    { timeout: 0 },
  );
  return page.evaluate((which) => localStorage.getItem(which)?.trim().split(" ") ?? [], name);
}

/**
 * Has a page do nothing any more, as one that the browser keeps and does not show; answers how to have
 * it go on. The browser of these tests keeps none by itself.
 */
async function freeze(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const tell = (name: string): Promise<boolean> =>
    page.evaluate(
      (type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true })),
      name,
    );
  await tell("pagehide");
  await session.send("Debugger.enable");
  const paused = new Promise((resolve) => {
    session.once("Debugger.paused", resolve);
  });
  await session.send("Debugger.pause");
  // It stops at what it does next.
  void session.send("Runtime.evaluate", { expression: "0" });
  await paused;
  return async () => {
    await session.send("Debugger.resume");
    await session.detach();
    await tell("pageshow");
  };
}

/** The way by which the page was connected last: a socket, or a stream. */
function readVia(page: Page): Promise<string | null> {
  return page.getAttribute("html", "lang");
}

/** Posts events, and goes on as soon as the page has noted some of them; answers the posting. */
async function beginBurst(
  { page, burst, name }: { page: Page; burst: Burst; name: string },
  count: number,
): Promise<{ readonly posting: Promise<string> }> {
  const before = await page.evaluate((which) => localStorage.getItem(which)?.length ?? 0, name);
  const posting = burst.post(count);
  await page.waitForFunction(
    ([which, length]) => (localStorage.getItem(which)?.length ?? 0) > length,
    [name, before] as const,
    { timeout: 0 },
  );
  return { posting };
}

describe("a page in a browser", () => {
  it("that is reloaded in the middle of a burst has heard every event once, in order", async ({
    expect,
  }) => {
    const { page, burst } = await open("reloads");
    for (let reloads = 0; reloads < 10; reloads++) {
      const { posting } = await beginBurst({ page, burst, name: "reloads" }, 1_000);
      await page.reload();
      await posting;
    }
    const last = await burst.post(1);
    expect(await readNotes(page, "reloads", last)).toEqual(burst.ids);
    expect(await readVia(page)).toBe("socket");
  });

  it("whose network goes and comes goes on from where it was", async ({ expect }) => {
    const { page, burst } = await open("network");
    await readNotes(page, "network", await burst.post(10));
    await page.context().setOffline(true);
    // The browser leaves sockets that are open as they are.
    front.cut();
    await burst.post(100);
    await page.context().setOffline(false);
    const last = await burst.post(1);
    expect(await readNotes(page, "network", last)).toEqual(burst.ids);
    expect(await page.title()).toBe("live");
  });

  it("that is left and gone back to has heard every event once, in order", async ({ expect }) => {
    const { page, burst } = await open("back");
    for (let times = 0; times < 3; times++) {
      const { posting } = await beginBurst({ page, burst, name: "back" }, 1_000);
      await page.goto(`${front.url}/livez`);
      await posting;
      await page.goBack();
    }
    const last = await burst.post(1);
    expect(await readNotes(page, "back", last)).toEqual(burst.ids);
  });

  // As in a browser's back-forward cache, which ends the sockets of a page, or in a tab that sleeps.
  it.for(["ends", "stays"])(
    "that is frozen in the middle of a burst and shown again has heard every event once, in order, where its socket %s",
    async (what, { expect }) => {
      const id = `frozen-${what}`;
      const { page, burst } = await open(id);
      for (let times = 0; times < 3; times++) {
        const { posting } = await beginBurst({ page, burst, name: id }, 1_000);
        const thaw = await freeze(page);
        if (what === "ends") front.cut();
        await posting;
        await thaw();
      }
      const last = await burst.post(1);
      expect(await readNotes(page, id, last)).toEqual(burst.ids);
      expect(await readVia(page)).toBe("socket");
    },
  );
});

describe("two tabs with the same consumer", () => {
  it("have a place each, and over reloads each hears every event once, in order", async ({
    expect,
  }) => {
    const { page: one, burst } = await open("tabs");
    const two = await show("tabs", { context: one.context(), name: "tabs 2" });
    for (let reloads = 0; reloads < 6; reloads++) {
      const [page, name] = reloads % 2 === 0 ? [one, "tabs"] : [two, "tabs 2"];
      const { posting } = await beginBurst({ page, burst, name }, 500);
      await page.reload();
      await posting;
    }
    const last = await burst.post(1);
    expect(await readNotes(one, "tabs", last)).toEqual(burst.ids);
    expect(await readNotes(two, "tabs 2", last)).toEqual(burst.ids);
  });

  it("that share a place do not undo one another: over reloads none hears anything twice, and nothing is heard by neither", async ({
    expect,
  }) => {
    await call(relay, "POST", "/channels", { id: "shared" });
    const burst = new Burst(connectTo(relay).channel("shared"));
    const context = await browser.newContext();
    const one = await show("shared", { context, name: "shared 1", shares: true });
    const two = await show("shared", { context, name: "shared 2", shares: true });
    for (let reloads = 0; reloads < 6; reloads++) {
      const [page, name] = reloads % 2 === 0 ? [one, "shared 1"] : [two, "shared 2"];
      const { posting } = await beginBurst({ page, burst, name }, 500);
      await page.reload();
      await posting;
    }
    const last = await burst.post(1);
    const notes = [
      await readNotes(one, "shared 1", last),
      await readNotes(two, "shared 2", last),
    ] as const;
    const seqs = notes.map((ids) => ids.map((id) => Number(id.split("-")[1])));
    for (const each of seqs) expect(each).toEqual([...new Set(each)].toSorted((a, b) => a - b));
    expect(burst.ids.filter((id) => !notes.flat().includes(id))).toEqual([]);
  });
});

describe("a page behind a proxy that lets no socket through", () => {
  it("goes on by a stream, in which nothing is missing and sends work, also over a reload", async ({
    expect,
  }) => {
    const [proxy, dlive] = await Promise.all([
      startFront(relay.url, { page: html, refusesSockets: true }),
      startDlive(),
    ]);
    onTestFinished(() => Promise.all([proxy.close(), dlive.close()]).then(() => undefined));
    await call(relay, "POST", "/channels", { id: "proxied" });
    await call(relay, "POST", "/channels/proxied/providers", {
      protocol: "dlive",
      target: { streamer: "proxied" },
      url: dlive.url,
      credentials: { appToken: "a" },
    });
    await dlive.waitFor("subscriptions>=2");
    const burst = new Burst(connectTo(relay).channel("proxied"));
    const page = await show("proxied", { from: proxy });
    const first = await burst.post(300);
    await readNotes(page, "proxied", first);
    expect(await readVia(page)).toBe("stream");
    expect(proxy.sockets).toEqual({ let: 0, refused: 2 });
    const said = await page.evaluate("say('hello')");
    expect(said).toEqual([{ target: "dlive:proxied", ok: true }]);
    const { posting } = await beginBurst({ page, burst, name: "proxied" }, 500);
    await page.reload();
    await posting;
    const last = await burst.post(1);
    expect(await readNotes(page, "proxied", last)).toEqual(burst.ids);
  });
});
