import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { listFaults, listHindrances, openConsole, PAGES } from "./support/console.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;

beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay(), openBrowser()]);
  await call(relay, "POST", "/channels", { id: "mine", name: "Mine" });
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
});

const REFUSAL = {
  status: 500,
  contentType: "application/problem+json",
  body: JSON.stringify({
    type: "about:blank",
    title: "Something went wrong",
    status: 500,
    code: "internal_error",
    detail: "It was written down.",
    requestId: "0123456789abcdef",
  }),
};

/** Everything that is asked, but who one is. */
const ALL = /\/v1\/(?!credential|schemas)/;
/** The same, but for the channel itself: what its pages ask. */
const PARTS = /\/v1\/(?!credential|schemas|channels\/mine$)/;

interface State {
  readonly name: string;
  readonly answer: (route: Route) => Promise<void>;
  /** What stands where the answers would be; the pages that ask nothing have it in their frame. */
  readonly sign: (page: Page) => Promise<void>;
}

const waitForBar = (page: Page): Promise<void> => page.locator(".away").waitFor();

const STATES: readonly State[] = [
  {
    name: "loading",
    // It is never answered.
    answer: () => new Promise(() => {}),
    sign: (page) => page.getByText("Connecting").first().waitFor(),
  },
  { name: "in error", answer: (route) => route.fulfill(REFUSAL), sign: waitForBar },
  { name: "away", answer: (route) => route.abort(), sign: waitForBar },
];

/** Pages that claim to be empty. */
const EMPTY = ".empty-title";

describe.for(STATES)("a console that is $name", ({ name, answer, sign }) => {
  it("keeps nobody from using any of its pages, wide and small, light and dark, and calls nothing empty that is not known", async ({
    expect,
  }) => {
    const opened = await openConsole(browser, relay, "/console/", relay.key);
    const { page } = opened;
    const found: string[] = [];
    await page.route(PARTS, answer);
    for (const path of PAGES) {
      await page.goto(`${relay.url}/console/c/mine${path}`);
      await page.locator("main h1:not(:empty)").waitFor();
      await sign(page);
      const kind = `${name}${path}`;
      found.push(...(await listHindrances(page, kind)));
      for (const title of await page.locator(EMPTY).allTextContents())
        found.push(`${kind}: says "${title}"`);
    }
    expect(found).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await opened.close();
  });

  it("keeps nobody from using the channel's frame and the list of channels before there is an answer", async ({
    expect,
  }) => {
    const opened = await openConsole(browser, relay, "/console/", relay.key);
    const { page } = opened;
    const found: string[] = [];
    await page.route(ALL, answer);
    for (const path of ["c/mine/events", ""]) {
      await page.goto(`${relay.url}/console/${path}`);
      await page.locator(".skeleton:not(.unborn), .problem").first().waitFor();
      found.push(...(await listHindrances(page, `${name} ${path}`)));
    }
    expect(found).toEqual([]);
    expect(listFaults(opened)).toEqual([]);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await opened.close();
  });
});
