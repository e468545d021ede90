/*
 * Pages that nobody sees for minutes while much happens, and that are shown again. A browser without
 * a window never hides a page, so what the page is told and what then stands still is put in its
 * place: it is hidden, no frame is drawn, timers come once a second.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { CDPSession, Page } from "playwright-core";

import { openBrowser } from "../../test/e2e/support/browser.ts";
import { post } from "../../test/e2e/support/overlays.ts";
import { call, startRelay } from "../../test/e2e/support/relay.ts";
import { noteAlerts, playOut, somebody, tip } from "./bursts.ts";

const PORT = 8_720;
const PER_SECOND = 50;

/** Puts a switch for being hidden into a page. Runs in the page. */
function makeHideable(): void {
  let isHidden = false;
  const waiting: FrameRequestCallback[] = [];
  const frame = requestAnimationFrame.bind(window);
  const timer = window.setTimeout.bind(window);
  Object.defineProperty(document, "hidden", { get: () => isHidden });
  Object.defineProperty(document, "visibilityState", {
    get: () => (isHidden ? "hidden" : "visible"),
  });
  window.requestAnimationFrame = (draw) => (isHidden ? waiting.push(draw) : frame(draw));
  window.setTimeout = ((call: () => void, ms = 0, ...rest: []) =>
    timer(call, isHidden ? Math.max(1_000, ms) : ms, ...rest)) as typeof window.setTimeout;
  Object.assign(window, {
    setHidden(to: boolean) {
      isHidden = to;
      document.dispatchEvent(new Event("visibilitychange"));
      if (!to) for (const draw of waiting.splice(0)) frame(draw);
    },
  });
}

function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((to) => {
    (window as unknown as { setHidden(to: boolean): void }).setHidden(to);
  }, isHidden);
}

export interface Hidden {
  readonly messages: number;
  /** KiB of the chat's heap, before and after the minutes in which nobody saw it. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  /** Nodes that were made meanwhile. */
  readonly nodesMade: number;
  /** Until the newest line was on screen again, in ms. */
  readonly shownMs: number;
  /** Lines on screen that had been deleted, and whether all are in order, without a hole. */
  readonly deletedSeen: number;
  readonly isInOrder: boolean;
  readonly alerts: {
    readonly given: number;
    readonly playedWhileHidden: number;
    readonly lost: number;
    readonly twice: number;
  };
}

export async function hiddenPages(minutes = 3): Promise<Hidden> {
  const [relay, browser] = await Promise.all([startRelay({ port: PORT }), openBrowser()]);
  try {
    await call(relay, "POST", "/channels", { id: "hidden", public: true });
    const open = async (address: string): Promise<Page> => {
      const page = await browser.newPage({ viewport: { width: 500, height: 800 } });
      await page.addInitScript(makeHideable);
      await page.addInitScript(noteAlerts);
      await page.goto(`${relay.url}/overlay/${address}&channel=hidden&state=dot`);
      await page.locator('main[data-state="live"]').waitFor();
      return page;
    };
    const chat = await open("chat?limit=50");
    const alerts = await open("alerts?duration=60&pause=0&sound=off&motion=none");
    const session = await chat.context().newCDPSession(chat);
    await session.send("Performance.enable");
    const said = { count: 0, deleted: new Set<number>(), tips: 0 };
    const talk = async (seconds: number): Promise<void> => {
      const begun = performance.now();
      const first = said.count;
      while (said.count - first < seconds * PER_SECOND) {
        const due = Math.floor(((performance.now() - begun) / 1_000) * PER_SECOND);
        const lines = Array.from({ length: Math.min(100, first + due - said.count) }, () =>
          say((said.count += 1)),
        );
        const isDeleted = said.count % 7 === 0 && lines.length > 0;
        if (isDeleted) said.deleted.add(said.count);
        if (lines.length > 0) await post(relay, "hidden", lines);
        if (isDeleted) await post(relay, "hidden", [remove(said.count)]);
        await pause(40);
      }
    };
    await talk(10);
    await Promise.all([chat, alerts].map((page) => setHidden(page, true)));
    const before = await read(session);
    for (let at = 0; at < minutes * 6; at += 1) {
      await post(
        relay,
        "hidden",
        Array.from({ length: 3 }, () => tip((said.tips += 1))),
      );
      await talk(10);
    }
    const after = await read(session);
    const hiddenPlayed = await alerts.locator(".alert").count();
    const newest = said.deleted.has(said.count) ? said.count - 1 : said.count;
    const begun = performance.now();
    await Promise.all([chat, alerts].map((page) => setHidden(page, false)));
    await chat.getByText(`line ${newest}`, { exact: true }).waitFor();
    const shownMs = performance.now() - begun;
    const texts = await chat.locator(".message .text").allTextContents();
    const numbers = texts.map((text) => Number(text.slice(5)));
    const expected = Array.from({ length: said.count }, (_, at) => at + 1)
      .filter((number) => !said.deleted.has(number))
      .slice(-numbers.length);
    const played = await playOut(relay, "hidden", alerts);
    const heard = new Set(played);
    const given = Array.from({ length: said.tips }, (_, at) => `tip ${at + 1}`);
    return {
      messages: said.count,
      heapBefore: before.heap,
      heapAfter: after.heap,
      nodesMade: after.nodes - before.nodes,
      shownMs,
      deletedSeen: numbers.filter((number) => said.deleted.has(number)).length,
      isInOrder: JSON.stringify(numbers) === JSON.stringify(expected),
      alerts: {
        given: given.length,
        playedWhileHidden: hiddenPlayed,
        lost: given.filter((text) => !heard.has(text)).length,
        twice: played.length - heard.size,
      },
    };
  } finally {
    await browser.close();
    await relay.kill();
  }
}

async function read(session: CDPSession): Promise<{ heap: number; nodes: number }> {
  for (let each = 0; each < 3; each += 1) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const find = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
  return { heap: find("JSHeapUsedSize") / 1_024, nodes: find("Nodes") };
}

function say(number: number): object {
  const message = { id: `m${number}`, text: `line ${number}`, fragments: [], action: false };
  const data = {
    user: somebody(`viewer ${number % 300}`),
    message: { ...message, highlighted: false, first: false },
  };
  return { type: "chat.message", platform: "twitch", data };
}

function remove(number: number): object {
  const data = { messageIds: [`m${number}`] };
  return { type: "chat.message.deleted", platform: "twitch", data };
}
