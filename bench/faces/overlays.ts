/*
 * Overlays in a browser: how much they weigh, what a busy chat costs, whether ten hours of it leave
 * anything behind, and how long a deleted line is still seen. No picture is loaded.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import type { CDPSession, Page } from "playwright-core";

import { openBrowser } from "../../test/e2e/support/browser.ts";
import { post } from "../../test/e2e/support/overlays.ts";
import { call, startRelay, type StartedRelay } from "../../test/e2e/support/relay.ts";
import { quantile } from "../support/crowd.ts";

const assets = join(import.meta.dirname, "../../dist/assets/overlay");

/** The weight of a page's files, in bytes of gzip: HTML, script, style sheet. */
export function weighOverlay(kind: string): { bytes: number; requests: number } {
  const html = readFileSync(join(assets, `${kind}.html`));
  const names = [...html.toString().matchAll(/"\/overlay\/(assets\/[^"]+)"/g)].map(
    ([, name]) => name ?? "",
  );
  const files = [html, ...names.map((name) => readFileSync(join(assets, name)))];
  const sizes = files.map((file) => gzipSync(file, { level: 9 }).length);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), requests: files.length };
}

export interface Busy {
  /** Seconds of processor time for a minute of 50 messages a second. */
  readonly taskSeconds: number;
  readonly scriptSeconds: number;
  readonly layoutSeconds: number;
  /** KiB after 10,000 messages and after 100,000. */
  readonly heapEarly: number;
  readonly heapLate: number;
  readonly nodesEarly: number;
  readonly nodesLate: number;
}

const PORT = 8_716;
const PER_SECOND = 50;
const SECONDS = 60;
const EARLY = 10_000;
const LATE = 100_000;

/** Measures the chat in a frame that is given made-up lines, as the console's preview is. */
export async function busyOverlay(): Promise<Busy> {
  const [relay, browser] = await Promise.all([startRelay({ port: PORT }), openBrowser()]);
  try {
    const page = await browser.newPage({ viewport: { width: 500, height: 800 } });
    await page.route(`${relay.url}/preview`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<style>body{margin:0}iframe{border:0;width:100vw;height:100vh}</style><iframe src="/overlay/chat?demo=on&limit=50"></iframe>`,
      }),
    );
    await page.goto(`${relay.url}/preview`);
    await page.frames()[1]?.locator(".message").first().waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const before = await read(session);
    await feed(page, PER_SECOND * SECONDS, PER_SECOND);
    const after = await read(session);
    await feed(page, EARLY, 0);
    const early = await settle(session);
    await feed(page, LATE - EARLY, 0);
    const late = await settle(session);
    const spent = (name: string): number =>
      ((after.get(name) ?? 0) - (before.get(name) ?? 0)) * (60 / SECONDS);
    return {
      taskSeconds: spent("TaskDuration"),
      scriptSeconds: spent("ScriptDuration"),
      layoutSeconds: spent("LayoutDuration") + spent("RecalcStyleDuration"),
      heapEarly: (early.get("JSHeapUsedSize") ?? 0) / 1024,
      heapLate: (late.get("JSHeapUsedSize") ?? 0) / 1024,
      nodesEarly: early.get("Nodes") ?? 0,
      nodesLate: late.get("Nodes") ?? 0,
    };
  } finally {
    await browser.close();
    await relay.kill();
  }
}

/** Gives a frame so many lines: at a rate, or as fast as it takes them. */
async function feed(page: Page, count: number, perSecond: number): Promise<void> {
  await page.evaluate(
    async ({ count, perSecond }) => {
      const frame = document.querySelector("iframe")?.contentWindow;
      const words =
        "what a lovely evening for a long ride along the river with friends and a dog".split(" ");
      const make = (seq: number): object => {
        const name = `viewer ${seq % 300}`;
        const text = words.slice(0, 2 + (seq % 14)).join(" ");
        const user = { id: name, name, color: "#1e90ff", roles: [], badges: [] };
        const recordedtime = new Date().toISOString();
        const data = { user, message: { id: `m${seq}-${Math.random()}`, text: `${text} ${seq}` } };
        const id = `bench00000-${seq}`;
        return {
          id,
          type: "chat.message",
          platform: "twitch",
          provider: "api",
          recordedtime,
          data,
        };
      };
      const begun = performance.now();
      for (let given = 0; given < count;) {
        const late = Math.floor(((performance.now() - begun) / 1_000) * perSecond);
        const due = Math.min(count, perSecond === 0 ? given + 100 : late);
        const events = Array.from({ length: Math.max(0, due - given) }, (_, at) =>
          make(given + at),
        );
        given += events.length;
        if (events.length > 0) frame?.postMessage({ events }, "*");
        await new Promise((resolve) => {
          if (perSecond === 0) requestAnimationFrame(resolve);
          else setTimeout(resolve, 20);
        });
      }
    },
    { count, perSecond },
  );
}

async function read(session: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await session.send("Performance.getMetrics");
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

async function settle(session: CDPSession): Promise<Map<string, number>> {
  for (let each = 0; each < 3; each += 1) await session.send("HeapProfiler.collectGarbage");
  return read(session);
}

const DELETIONS = 200;

/** Measures how long a line is still on screen after the relay wrote down that it was deleted, in ms. */
export async function deletedLines(): Promise<{
  p50: number;
  p99: number;
  shown50: number;
  shown99: number;
}> {
  const [relay, browser] = await Promise.all([startRelay({ port: PORT }), openBrowser()]);
  try {
    await call(relay, "POST", "/channels", { id: "bench", public: true });
    const page = await browser.newPage({ viewport: { width: 500, height: 800 } });
    await page.addInitScript(noteTimes);
    await page.goto(`${relay.url}/overlay/chat?channel=bench&state=dot&limit=20`);
    await page.locator('main[data-state="live"]').waitFor();
    const told = await tell(relay);
    // A line that was deleted before it was drawn was never there.
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".text")].every(
        ({ textContent }) => !textContent.startsWith("delete"),
      ),
    );
    const seen = await page.evaluate(() => {
      const { gone, shown } = window as unknown as Record<"gone" | "shown", Map<string, number>>;
      return { gone: [...gone], shown: [...shown] };
    });
    const gone = new Map(seen.gone);
    const shown = new Map(seen.shown);
    const drawn = told.filter(({ text }) => shown.has(text));
    const delays = drawn.map(({ text, deletedAt }) => (gone.get(text) ?? Infinity) - deletedAt);
    const shows = drawn.map(({ text, saidAt }) => (shown.get(text) ?? Infinity) - saidAt);
    return {
      p50: quantile(delays, 0.5),
      p99: quantile(delays, 0.99),
      shown50: quantile(shows, 0.5),
      shown99: quantile(shows, 0.99),
    };
  } finally {
    await browser.close();
    await relay.kill();
  }
}

/** Notes when each line comes on screen and leaves it. Runs in the page. */
function noteTimes(): void {
  const shown = new Map<string, number>();
  const gone = new Map<string, number>();
  Object.assign(window, { shown, gone });
  const texts = (nodes: NodeList): string[] =>
    [...nodes].flatMap((node) =>
      node instanceof HTMLElement ? (node.querySelector(".text")?.textContent ?? []) : [],
    );
  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const text of texts(addedNodes)) shown.set(text, Date.now());
      for (const text of texts(removedNodes))
        if (text.startsWith("delete")) gone.set(text, Date.now());
    }
  }).observe(document, { childList: true, subtree: true });
}

/** Says lines at 50 a second or so, and deletes one of each five a moment after it was said. */
async function tell(
  relay: StartedRelay,
): Promise<{ text: string; saidAt: number; deletedAt: number }[]> {
  const told: { text: string; saidAt: number; deletedAt: number }[] = [];
  for (let each = 0; each < DELETIONS; each += 1) {
    const text = `delete ${each}`;
    const lines = [
      say(text, each),
      ...Array.from({ length: 4 }, (_, at) => say(`line ${each} ${at}`, each * 10 + at)),
    ];
    const said = await post(relay, "bench", lines);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const data = { messageIds: [`id ${text}`] };
    const [deleted = ""] = await post(relay, "bench", [
      { type: "chat.message.deleted", platform: "twitch", data },
    ]);
    const [saidAt, deletedAt] = await Promise.all([
      findTime(relay, said[0] ?? ""),
      findTime(relay, deleted),
    ]);
    told.push({ text, saidAt, deletedAt });
  }
  return told;
}

function say(text: string, at: number): object {
  const name = `viewer ${at}`;
  const user = { key: `twitch:${name}`, id: name, name, roles: [], badges: [], anonymous: false };
  const message = {
    id: `id ${text}`,
    text,
    fragments: [],
    action: false,
    highlighted: false,
    first: false,
  };
  return { type: "chat.message", platform: "twitch", data: { user, message } };
}

async function findTime(relay: StartedRelay, id: string): Promise<number> {
  const { recordedtime } = await call<{ recordedtime: string }>(
    relay,
    "GET",
    `/channels/bench/events/${id}`,
  );
  return Date.parse(recordedtime);
}
