import type { Browser, BrowserContext, Page } from "playwright-core";

import { openIn } from "./overlays.ts";
import type { StartedRelay } from "./relay.ts";

/** A console that is open, with what went wrong in it and every address that it asked. */
export interface OpenConsole {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly troubles: string[];
  readonly strangers: string[];
  readonly addresses: string[];
  readonly close: () => Promise<void>;
}

export interface Sight {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
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
  if (key !== null) {
    await page.addInitScript((kept) => {
      // A preview has no storage, and needs none.
      if (origin === "null" || sessionStorage.getItem("tributary.session") !== null) return;
      const session = JSON.stringify({ key: kept, usedAt: Date.now() });
      sessionStorage.setItem("tributary.session", session);
    }, key);
  }
  const opened = await openIn(page, relay, path, () => context.close());
  return { ...opened, context, addresses };
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
  { page, addresses }: OpenConsole,
  secrets: readonly string[],
): Promise<string[]> {
  const lasting = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  const cookies = JSON.stringify(await page.context().cookies());
  const places = {
    page: await page.content(),
    address: page.url(),
    lasting,
    cookies,
    // A fragment is never sent, but is in none of the console's own addresses either.
    addresses: addresses.join("\n"),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map(() => place),
  );
}
