import type { Browser, BrowserContext, Page } from "playwright-core";

import { findAxeViolations, openIn } from "./overlays.ts";
import type { StartedRelay } from "./relay.ts";

/** A console that is open, with what went wrong in it and every address that it asked. */
export interface OpenConsole {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly troubles: string[];
  readonly strangers: string[];
  readonly addresses: string[];
  /** Everything that the page has said to the browser's own log. */
  readonly said: string[];
  readonly close: () => Promise<void>;
}

export interface Sight {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** The pages of a channel, as their addresses end. */
export const PAGES = [
  "",
  "/sources",
  "/events",
  "/chat",
  "/overlays/alerts",
  "/webhooks",
  "/test",
  "/health",
  "/access",
  "/settings",
] as const;

/** As wide as a desk's screen and as narrow as a phone's, by day and by night. */
const SIGHTS = [
  { name: "wide", width: 1440, height: 1000 },
  { name: "small", width: 360, height: 740 },
].flatMap((size) => (["light", "dark"] as const).map((colorScheme) => ({ ...size, colorScheme })));

/** Two of them that differ in both. */
const TWO_SIGHTS = SIGHTS.filter(
  ({ name, colorScheme }) => (name === "wide") === (colorScheme === "light"),
);

/** Lists what keeps somebody from using a page as it is now, in each of these sights; a part of one in two. */
export async function listHindrances(page: Page, name: string, isPart = false): Promise<string[]> {
  const found: string[] = [];
  for (const { name: size, width, height, colorScheme } of isPart ? TWO_SIGHTS : SIGHTS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const sight = `${name}, ${size} and ${colorScheme}`;
    for (const each of await findAxeViolations(page)) found.push(`${sight}: ${each}`);
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (over > 0) found.push(`${sight}: ${over} px too wide`);
  }
  return found;
}

/** Opens a page of the console; with a key, as one who has logged in. */
export async function openConsole(
  browser: Browser,
  relay: StartedRelay,
  path: string,
  key: string | null,
  { width = 1280, height = 900, scheme = "light" }: Sight = {},
): Promise<OpenConsole> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  page.on("websocket", (socket) => addresses.push(socket.url()));
  page.on("framenavigated", (frame) => {
    // A dock is opened with its key, as OBS does, and takes it out.
    if (!frame.url().includes("/dock?")) addresses.push(frame.url());
  });
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  if (key !== null) {
    await page.addInitScript((kept) => {
      // A preview has no storage, and needs none.
      if (origin === "null" || sessionStorage.getItem("tributary.session") !== null) return;
      const session = JSON.stringify({ key: kept, usedAt: Date.now() });
      sessionStorage.setItem("tributary.session", session);
    }, key);
  }
  const opened = await openIn(page, relay, path, () => context.close());
  return { ...opened, context, addresses, said };
}

/** Somebody at a keyboard: what they press is counted, what they paste is one. */
export class Keyboard {
  readonly #page: Page;
  presses = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.keyboard.press(key);
      this.presses += 1;
    }
  }

  async paste(text: string): Promise<void> {
    await this.#page.keyboard.insertText(text);
    this.presses += 1;
  }

  /** Goes on with Tab until something of this name has the focus. */
  async reach(name: RegExp, most = 80): Promise<void> {
    for (let count = 0; count <= most; count++) {
      if (name.test(await this.#readFocus())) return;
      await this.press("Tab");
    }
    throw new Error(`${name} cannot be reached; the focus is on "${await this.#readFocus()}"`);
  }

  /** Goes to something, and presses Enter on it. */
  async open(name: RegExp): Promise<void> {
    await this.reach(name);
    await this.press("Enter");
  }

  #readFocus(): Promise<string> {
    return this.#page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      if (element === null || element === document.body) return "";
      const labels = [...(element.labels ?? [])].map(({ textContent }) => textContent).join(" ");
      const copy = element.cloneNode(true) as HTMLElement;
      for (const each of copy.querySelectorAll("[aria-hidden=true]")) each.remove();
      const name = element.getAttribute("aria-label") ?? (labels || copy.textContent);
      return (name ?? "").replace(/\s+/g, " ").trim();
    });
  }
}

/** Whatever was copied last. */
export function readClipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What went wrong, without the browser's own note that something was refused, which the page shows. */
export function listFaults({ troubles }: OpenConsole): string[] {
  return troubles.filter((each) => !each.startsWith("Failed to load resource"));
}

/** Places in which one of these secrets stands, though nobody asked to be shown it. */
export async function findSecrets(
  { page, addresses, said }: OpenConsole,
  secrets: readonly string[],
): Promise<string[]> {
  const lasting = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  // The key that one is logged in with is there, and is all that is.
  const passing = await page.evaluate(() =>
    JSON.stringify(Object.entries(sessionStorage).filter(([name]) => name !== "tributary.session")),
  );
  const cookies = JSON.stringify(await page.context().cookies());
  const places = {
    page: await page.content(),
    address: page.url(),
    lasting,
    passing,
    cookies,
    said: said.join("\n"),
    // A fragment is never sent, but is in none of the console's own addresses either.
    addresses: addresses.join("\n"),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    secrets
      .filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
      .map((secret) => `${place}: ${secret.slice(0, 6)}…`),
  );
}
