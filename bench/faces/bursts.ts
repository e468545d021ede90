/*
 * Alerts in a burst, and pages that nobody sees for a while: what is played twice, what is lost that
 * may not be, and what stays in memory. Each alert is skipped as soon as it has begun, so that a
 * thousand of them take a minute.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { Browser, Page } from "playwright-core";

import { openBrowser } from "../../test/e2e/support/browser.ts";
import { post } from "../../test/e2e/support/overlays.ts";
import { call, startRelay, type StartedRelay } from "../../test/e2e/support/relay.ts";

const PORT = 8_718;

export interface Played {
  readonly given: number;
  readonly lost: number;
  readonly twice: number;
  readonly reloads: number;
}

/** Notes each alert that begins, where a reload does not forget it. Runs in the page. */
export function noteAlerts(): void {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof HTMLElement) || !node.matches(".alert")) continue;
        const said = JSON.parse(sessionStorage.getItem("played") ?? "[]") as string[];
        said.push(node.querySelector(".text")?.textContent ?? node.textContent);
        sessionStorage.setItem("played", JSON.stringify(said));
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

/** What was played, in order; null while the page is between two lives. */
async function listPlayed(page: Page): Promise<string[] | null> {
  try {
    return await page.evaluate(
      () => JSON.parse(sessionStorage.getItem("played") ?? "[]") as string[],
    );
  } catch {
    // It is being loaded.
    return null;
  }
}

const control = (event: string): object => ({
  type: "overlay.broadcast",
  data: { target: "alerts", event, payload: {} },
});

export const somebody = (name: string): object => ({
  key: `twitch:${name}`,
  id: name,
  name,
  roles: [],
  badges: [],
  anonymous: false,
});

export function tip(at: number): object {
  const message = { text: `tip ${at}`, fragments: [], action: false, highlighted: false };
  const amount = { value: String(1 + (at % 90)), currency: "EUR", kind: "fiat" };
  const data = {
    user: somebody(`giver ${at}`),
    amount,
    message: { ...message, first: false },
    kind: "tip",
  };
  return { type: "channel.tip", platform: "twitch", data };
}

const follow = (at: number): object => ({
  type: "channel.follow",
  platform: "twitch",
  data: { user: somebody(`follower ${at}`) },
});

async function openAlerts(browser: Browser, relay: StartedRelay, channel: string): Promise<Page> {
  await call(relay, "POST", "/channels", { id: channel, public: true });
  const page = await browser.newPage({ viewport: { width: 800, height: 300 } });
  await page.addInitScript(noteAlerts);
  await page.goto(
    `${relay.url}/overlay/alerts?channel=${channel}&state=dot&duration=60&pause=0&sound=off&motion=none&queue=200`,
  );
  await page.locator('main[data-state="live"]').waitFor();
  return page;
}

async function postAll(
  relay: StartedRelay,
  channel: string,
  events: readonly object[],
): Promise<void> {
  for (let at = 0; at < events.length; at += 100)
    await post(relay, channel, events.slice(at, at + 100));
}

/** Skips until nothing begins any more; `each` may do something after so many. */
export async function playOut(
  relay: StartedRelay,
  channel: string,
  page: Page,
  each: (count: number) => Promise<void> = async () => {},
): Promise<string[]> {
  let seen = 0;
  let idle = 0;
  while (idle < 100) {
    const played = await listPlayed(page);
    if (played !== null && played.length > seen) {
      seen = played.length;
      idle = 0;
      await each(seen);
      await post(relay, channel, [control("skip")]);
      continue;
    }
    idle += 1;
    // A skip that came while the page was being loaded was not heard.
    if (idle % 20 === 0) await post(relay, channel, [control("skip")]);
    await pause(20);
  }
  return (await listPlayed(page)) ?? [];
}

function judge(played: readonly string[], given: readonly string[], reloads: number): Played {
  const heard = new Set(played);
  return {
    given: given.length,
    lost: given.filter((text) => !heard.has(text)).length,
    twice: played.length - heard.size,
    reloads,
  };
}

/** A burst of a thousand tips, and a page that is loaded anew again and again while it plays them. */
export async function reloadedBurst(count = 1_000, every = 25): Promise<Played> {
  const [relay, browser] = await Promise.all([startRelay({ port: PORT }), openBrowser()]);
  try {
    const page = await openAlerts(browser, relay, "burst");
    const posting = postAll(
      relay,
      "burst",
      Array.from({ length: count }, (_, at) => tip(at)),
    );
    let reloads = 0;
    const played = await playOut(relay, "burst", page, async (seen) => {
      if (Math.floor(seen / every) <= reloads) return;
      reloads += 1;
      await page.reload();
    });
    await posting;
    const given = Array.from({ length: count }, (_, at) => `tip ${at}`);
    return judge(played, given, reloads);
  } finally {
    await browser.close();
    await relay.kill();
  }
}

export interface Burst extends Played {
  /** KiB of heap, and nodes, after each round. */
  readonly heaps: readonly number[];
  readonly nodes: readonly number[];
  /** Of follows, which may be dropped: how many names or numbers of them were seen. */
  readonly follows: number;
}

/** Bursts of a thousand alerts, a third of them money, which may not be dropped. */
export async function bursts(rounds = 3): Promise<Burst> {
  const [relay, browser] = await Promise.all([startRelay({ port: PORT }), openBrowser()]);
  try {
    const page = await openAlerts(browser, relay, "burst");
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const heaps: number[] = [];
    const nodes: number[] = [];
    const given: string[] = [];
    let played: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const events = Array.from({ length: 1_000 }, (_, at) => {
        const number = round * 1_000 + at;
        if (at % 3 > 0) return follow(number);
        given.push(`tip ${number}`);
        return tip(number);
      });
      await postAll(relay, "burst", events);
      played = await playOut(relay, "burst", page);
      for (let each = 0; each < 3; each += 1) await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      const read = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
      heaps.push(read("JSHeapUsedSize") / 1_024);
      nodes.push(read("Nodes"));
    }
    const money = played.filter((text) => text.startsWith("tip "));
    return { ...judge(money, given, 0), heaps, nodes, follows: played.length - money.length };
  } finally {
    await browser.close();
    await relay.kill();
  }
}
