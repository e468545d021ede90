/*
 * How long whoever uses the console waits for an answer to a key or a click: the browser's own
 * measure, from the press to the next picture, over what people do on each of its pages.
 */
import type { Page } from "playwright-core";

import { openBrowser } from "../../test/e2e/support/browser.ts";
import { openConsole } from "../../test/e2e/support/console.ts";
import { startRelay } from "../../test/e2e/support/relay.ts";
import { listTasks } from "./console.ts";

export interface Interactions {
  readonly count: number;
  /** Milliseconds from the press to the picture, as the browser rounds them: to eight. */
  readonly p75: number;
  /** The interaction to next paint: of fewer than fifty the slowest, else the 98th percentile. */
  readonly inp: number;
  /** The longest tasks of the page meanwhile, in ms of processor time: on a busy machine the clock says little. */
  readonly longest: readonly number[];
  /** The slowest, each with what was pressed. */
  readonly slowest: readonly string[];
}

const PORT = 8_725;
const LETTERS = ["s", "e", "c", "v", "w", "t", "h", "a", ",", "o"];

/** Uses the console of the demo, whose services talk all the time. */
export async function useConsole(): Promise<Interactions> {
  const [relay, browser] = await Promise.all([
    startRelay({ demo: true, port: PORT }),
    openBrowser(),
  ]);
  try {
    const { page } = await openConsole(browser, relay, "/console/c/demo", relay.key);
    await page.addInitScript(observe);
    await page.reload();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.locator(".badge.good").first().waitFor();
    await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
    for (const letter of LETTERS) {
      await page.keyboard.press("g");
      await page.keyboard.press(letter);
      await settle(page);
    }
    await readEvents(page);
    await readChat(page);
    await useForms(page);
    const tasks = listTasks((await browser.stopTracing()).toString());
    const longest = tasks.toSorted((one, other) => other - one).slice(0, 5);
    return { ...(await measure(page)), longest };
  } finally {
    await browser.close();
    await relay.kill();
  }
}

/** In the page: keeps the longest of each interaction. */
function observe(): void {
  const kept = new Map<number, { duration: number; what: string }>();
  Object.assign(globalThis, { keptInteractions: kept });
  // 16 is the least that a browser tells of; what was quicker counts as nothing.
  const wanted: object = { type: "event", durationThreshold: 16, buffered: true };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      const { interactionId, duration, name, target, startTime } = entry;
      if (interactionId === 0 || duration <= (kept.get(interactionId)?.duration ?? -1)) continue;
      const element = target instanceof Element ? target : null;
      const words = element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      const waited = Math.round(entry.processingStart - startTime);
      const worked = Math.round(entry.processingEnd - entry.processingStart);
      const what = `${name} on ${element?.localName ?? "the page"} "${words.slice(0, 40)}" at ${location.pathname}, waited ${waited}, worked ${worked}`;
      kept.set(interactionId, { duration, what });
    }
  }).observe(wanted);
}

/** Two pictures: what was pressed has been answered. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
}

async function readEvents(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Events", exact: true }).first().click();
  const rows = page.locator("tbody tr");
  await rows.nth(50).waitFor();
  await page.keyboard.press("Space");
  for (let count = 0; count < 8; count++) {
    await page.keyboard.press("j");
    await settle(page);
  }
  for (const tab of ["Raw", "Side by side", "Who got it", "Event"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await settle(page);
  }
  await page.keyboard.press("Escape");
  await page.keyboard.press("Space");
  await page.locator("summary", { hasText: "Types" }).click();
  await page.getByLabel("Chat", { exact: true }).click();
  await settle(page);
  await page.keyboard.press("/");
  await page.keyboard.type("the", { delay: 40 });
  await page.keyboard.press("Enter");
  await settle(page);
  await page.getByRole("button", { name: "Clear" }).click();
  await settle(page);
}

async function readChat(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Chat", exact: true }).first().click();
  await page.locator(".chat-line").nth(20).waitFor();
  for (const tab of ["Activity", "Alerts", "Chat"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await settle(page);
  }
  await page.getByLabel("Message").click();
  await page.keyboard.type("hello to all of you, and welcome", { delay: 20 });
  await page.keyboard.press("Enter");
  await settle(page);
}

async function useForms(page: Page): Promise<void> {
  const show = async (name: string): Promise<void> => {
    await page.getByRole("link", { name, exact: true }).first().click();
    await page.getByRole("heading", { name, exact: true }).waitFor();
  };
  const leave = async (): Promise<void> => {
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await show("Sources");
  await page.getByRole("button", { name: "Link a source" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "StreamElements" }).click();
  await page.keyboard.type("a token of mine", { delay: 20 });
  await leave();
  await show("Overlays");
  await page.getByRole("tab", { name: "Alerts", exact: true }).click();
  await settle(page);
  await page.getByRole("tab", { name: "Chat", exact: true }).click();
  await settle(page);
  await show("Test events");
  await page.getByRole("button", { name: "Gift bomb of 50" }).click();
  await settle(page);
  await page.getByRole("tab", { name: "Form", exact: true }).click();
  await settle(page);
  await show("Health");
  await page.getByRole("button", { name: "24 hours" }).click();
  await settle(page);
  await show("Access");
  await page.getByRole("button", { name: "Make a key for this channel" }).click();
  await page.keyboard.type("of a bench", { delay: 20 });
  await leave();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await settle(page);
}

async function measure(page: Page): Promise<Omit<Interactions, "longest">> {
  const [all, count] = await page.evaluate(() => {
    const { keptInteractions } = globalThis as unknown as {
      keptInteractions: Map<number, { duration: number; what: string }>;
    };
    return [[...keptInteractions.values()], performance.interactionCount] as const;
  });
  const sorted = all.toSorted((one, other) => other.duration - one.duration);
  // What the browser did not tell of was quicker than all of it.
  const at = (share: number): number => sorted[Math.floor(count * share)]?.duration ?? 0;
  return {
    count,
    p75: at(0.25),
    inp: count < 50 ? at(0) : at(0.02),
    slowest: sorted.slice(0, 6).map(({ duration, what }) => `${duration} ms: ${what}`),
  };
}
