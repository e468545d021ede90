/*
 * The processor time of a busy chat: 100 rows, 50 messages a second for ten minutes, of a relay, once
 * without emotes of other services and once with 1,500 of them, side by side in two browsers.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { Browser, Page } from "playwright-core";

import { openBrowser } from "../../test/e2e/support/browser.ts";
import { PIXEL, post } from "../../test/e2e/support/overlays.ts";
import { call, startRelay, type StartedRelay } from "../../test/e2e/support/relay.ts";

const PORT = 8_717;
const PER_SECOND = 50;
const ROWS = 100;
const EMOTES = 1_500;
const WORDS = "what a lovely evening for a long ride along the river with friends and a dog".split(
  " ",
);

/** Seconds of processor time for a minute of it. */
export interface BusyMinute {
  readonly renderer: number;
  /** The renderer's and all others' of the browser: what draws without a graphics card is one of them. */
  readonly all: number;
  readonly task: number;
  readonly script: number;
  readonly layout: number;
  readonly heapEarly: number;
  readonly heapLate: number;
  readonly rows: number;
}

/** The source: as OBS has it, of which what has left it goes; or one in which all 100 rows are seen. */
export const SOURCES = { usual: { height: 800, size: 26 }, tall: { height: 3_000, size: 12 } };

/** Measures both pages while the relay is told so much for so many minutes. */
export async function busyMinutes(
  minutes = 10,
  source = SOURCES.usual,
): Promise<{ without: BusyMinute; withEmotes: BusyMinute }> {
  const relay = await startRelay({ port: PORT });
  const browsers = await Promise.all([openBrowser(), openBrowser()]);
  try {
    await call(relay, "POST", "/channels", { id: "busy", public: true });
    const [plain, colourful] = browsers;
    const without = await openChat(plain, relay, source, "");
    const withEmotes = await openChat(colourful, relay, source, "&emotes=platform,7tv,bttv");
    await talk(relay, 10);
    const [first, second] = [await watch(plain, without), await watch(colourful, withEmotes)];
    await talk(relay, minutes * 60);
    return { without: await first(minutes), withEmotes: await second(minutes) };
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await relay.kill();
  }
}

async function openChat(
  browser: Browser,
  relay: StartedRelay,
  { height, size }: typeof SOURCES.usual,
  more: string,
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 500, height } });
  const headers = { "cache-control": "max-age=31536000", "access-control-allow-origin": "*" };
  await page.route("https://cdn.7tv.example/**", (route) =>
    route.fulfill({ contentType: "image/png", body: PIXEL, headers }),
  );
  const emotes = Object.fromEntries(
    Array.from({ length: EMOTES }, (_, at) => [
      `emote${at}`,
      { u: `https://cdn.7tv.example/${at}/2x.png`, s: `https://cdn.7tv.example/${at}/still.png` },
    ]),
  );
  await page.route("**/v1/channels/*/emotes?*", (route) => route.fulfill({ json: { emotes } }));
  await page.goto(
    `${relay.url}/overlay/chat?channel=busy&limit=${ROWS}&size=${size}&state=dot${more}`,
  );
  await page.locator('main[data-state="live"]').waitFor();
  return page;
}

let said = 0;

/** Has people talk: 50 lines a second, every other with an emote's name in it. */
async function talk(relay: StartedRelay, seconds: number): Promise<void> {
  const begun = performance.now();
  for (let given = 0; given < seconds * PER_SECOND;) {
    const due = Math.floor(((performance.now() - begun) / 1_000) * PER_SECOND);
    const lines = Array.from({ length: Math.min(100, due - given) }, makeLine);
    given += lines.length;
    if (lines.length > 0) await post(relay, "busy", lines);
    await pause(40);
  }
}

function makeLine(): object {
  said += 1;
  const name = `viewer ${said % 300}`;
  const emote = said % 2 === 0 ? ` emote${(said * 7) % EMOTES}` : "";
  const text = `${WORDS.slice(0, 2 + (said % 14)).join(" ")}${emote} ${said}`;
  const user = { key: `twitch:${name}`, id: name, name, color: "#1e90ff", roles: [], badges: [] };
  const message = { id: `m${said}`, text, fragments: [{ type: "text", text }] };
  return {
    type: "chat.message",
    platform: "twitch",
    data: {
      user: { ...user, anonymous: false },
      message: { ...message, action: false, highlighted: false, first: false },
    },
  };
}

/** Begins to watch a page; answers how it is ended. */
async function watch(
  browser: Browser,
  page: Page,
): Promise<(minutes: number) => Promise<BusyMinute>> {
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async (): Promise<Map<string, number>> => {
    for (let each = 0; each < 2; each += 1) await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
    const sum = (types: RegExp): number =>
      processInfo
        .filter(({ type }) => types.test(type))
        .reduce((all, { cpuTime }) => all + cpuTime, 0);
    return new Map([
      ...metrics.map(({ name, value }) => [name, value] as const),
      ["renderer", sum(/renderer/)],
      ["all", sum(/./)],
    ]);
  };
  const before = await read();
  return async (minutes) => {
    const after = await read();
    const spent = (name: string): number =>
      ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / minutes;
    return {
      renderer: spent("renderer"),
      all: spent("all"),
      task: spent("TaskDuration"),
      script: spent("ScriptDuration"),
      layout: spent("LayoutDuration") + spent("RecalcStyleDuration"),
      heapEarly: (before.get("JSHeapUsedSize") ?? 0) / 1_024,
      heapLate: (after.get("JSHeapUsedSize") ?? 0) / 1_024,
      rows: await page.locator(".message").count(),
    };
  };
}
