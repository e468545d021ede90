import { join } from "node:path";

import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { Burst, connectTo } from "./support/sdk.ts";

const root = join(import.meta.dirname, "../..");

/** A page that notes what it hears where a reload does not reach it, and shows its state. */
const PAGE = `
import { Tributary } from "./src/client/index.ts";
const { key, id, after } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const channel = new Tributary({ auth: key }).channel(id, { consumer: "page", from: { after } });
channel.on("custom.*", (event) => localStorage.setItem(id, (localStorage.getItem(id) ?? "") + event.id + " "));
channel.addEventListener("state", ({ detail }) => { document.title = detail.to.name; });
`;

let relay: StartedRelay;
let browser: Browser;
let script = "";
beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay(), openBrowser()]);
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "iife",
    target: "chrome103",
    write: false,
  });
  script = outputFiles[0]?.text ?? "";
});
afterAll(async () => {
  await browser.close();
  await relay.kill();
});

/** Opens the page on a new channel, as one that the relay serves. */
async function open(id: string): Promise<{ page: Page; burst: Burst }> {
  await call(relay, "POST", "/channels", { id });
  const { epoch } = await call<{ epoch: string }>(relay, "GET", `/channels/${id}`);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/test-page", (route) =>
    route.fulfill({ contentType: "text/html", body: `<title></title><script>${script}</script>` }),
  );
  const given = { key: relay.key, id, after: `${epoch}-0` };
  await page.goto(`${relay.url}/test-page#${encodeURIComponent(JSON.stringify(given))}`);
  return { page, burst: new Burst(connectTo(relay).channel(id)) };
}

/** Waits until the page has noted an event; answers all that it has noted. */
async function readNotes(page: Page, id: string, last: string): Promise<string[]> {
  await page.waitForFunction(
    ([name = "", end = ""]) => localStorage.getItem(name)?.endsWith(`${end} `),
    [id, last],
    { timeout: 0 },
  );
  return page.evaluate((name) => localStorage.getItem(name)?.trim().split(" ") ?? [], id);
}

describe("a page in a browser", () => {
  it("that is reloaded in the middle of a burst has heard every event once, in order", async ({
    expect,
  }) => {
    const { page, burst } = await open("reloads");
    for (let reloads = 0; reloads < 10; reloads++) {
      const posting = burst.post(1_000);
      const before = await page.evaluate(() => localStorage.getItem("reloads")?.length ?? 0);
      await page.waitForFunction(
        (length) => (localStorage.getItem("reloads")?.length ?? 0) > length,
        before,
        { timeout: 0 },
      );
      await page.reload();
      await posting;
    }
    const last = await burst.post(1);
    expect(await readNotes(page, "reloads", last)).toEqual(burst.ids);
  });

  it("whose network goes and comes goes on from where it was", async ({ expect }) => {
    const { page, burst } = await open("network");
    await readNotes(page, "network", await burst.post(10));
    await page.context().setOffline(true);
    await burst.post(100);
    await page.context().setOffline(false);
    const last = await burst.post(1);
    expect(await readNotes(page, "network", last)).toEqual(burst.ids);
    expect(await page.title()).toBe("live");
  });
});
