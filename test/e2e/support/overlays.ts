import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Browser, Frame, Page } from "playwright-core";

import { call, type StartedRelay } from "./relay.ts";

/** A picture of one pixel, for every address that a picture is asked for at. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** An overlay that is open: what it asked of whom, and what went wrong. */
export interface OpenOverlay {
  readonly page: Page;
  /** Requests to other hosts, by the kind of what was asked for. */
  readonly strangers: string[];
  readonly troubles: string[];
  readonly close: () => Promise<void>;
}

/** Notes every violation of a page's policy where the test can read it. */
function noteViolations(): void {
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
}

/** Opens an overlay's page, with pictures of anywhere answered here. */
export async function openOverlay(
  browser: Browser,
  relay: StartedRelay,
  address: string,
  { width = 500, height = 800 } = {},
): Promise<OpenOverlay> {
  const context = await browser.newContext({ viewport: { width, height } });
  return openIn(await context.newPage(), relay, address, () => context.close());
}

/** Opens an overlay in a page that is there already. */
export async function openIn(
  page: Page,
  relay: StartedRelay,
  address: string,
  close: () => Promise<void> = () => page.close(),
): Promise<OpenOverlay> {
  const strangers: string[] = [];
  const troubles: string[] = [];
  await page.addInitScript(noteViolations);
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  await page.route(
    (url) => url.origin !== relay.url && /^https?:$/.test(url.protocol),
    (route) => {
      strangers.push(`${route.request().resourceType()} ${route.request().url()}`);
      return route.fulfill({ contentType: "image/png", body: PIXEL });
    },
  );
  await page.goto(`${relay.url}${address}`);
  return { page, strangers, troubles, close };
}

/** An event as the page around a preview gives it. */
export function makeEvent(seq: number, type: string, data: object, more: object = {}): object {
  const recordedtime = new Date().toISOString();
  const provider = "restream";
  return {
    id: `preview000-${seq}`,
    type,
    platform: "twitch",
    provider,
    recordedtime,
    data,
    ...more,
  };
}

/**
 * Opens a preview as the console does: the real page in a frame without an origin, and events that
 * the page around it gives.
 */
export async function openPreview(
  page: Page,
  relay: StartedRelay,
  address: string,
): Promise<{ frame: Frame; readonly give: (events: readonly object[]) => Promise<void> }> {
  await page.route(`${relay.url}/preview`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<style>body{margin:0}iframe{border:0;width:100vw;height:100vh}</style><iframe sandbox="allow-scripts" src="${address.replaceAll("&", "&amp;")}"></iframe>`,
    }),
  );
  await page.goto(`${relay.url}/preview`);
  const frame = page.frames()[1];
  if (!frame) throw new Error("there is no frame");
  await frame.waitForLoadState("load");
  await frame.waitForFunction(() => document.documentElement.dataset["ready"] === "");
  return {
    frame,
    async give(events) {
      await page.evaluate((given) => {
        document.querySelector("iframe")?.contentWindow?.postMessage({ events: given }, "*");
      }, events);
    },
  };
}

/** Posts events to a channel, as a program does. */
export async function post(
  relay: StartedRelay,
  channel: string,
  events: readonly object[],
): Promise<string[]> {
  const { ids } = await call<{ ids: string[] }>(
    relay,
    "POST",
    `/channels/${channel}/events`,
    events,
  );
  return ids;
}

/** Looks for what axe finds wrong with a page. */
export async function findAxeViolations(page: Page): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  if (!(await page.evaluate(() => "axe" in globalThis)))
    await page.evaluate(readFileSync(path, "utf8"));
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] })',
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}
