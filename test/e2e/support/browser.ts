import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser } from "playwright-core";

// It needs no sandbox to show our own pages, and asks nobody but the relay for anything.
const ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-sandbox",
];

/**
 * A headless browser: on Linux one that installs from the registry and needs nothing of the machine.
 * There is none for other systems; Windows has one of its own, and on macOS it is Chrome.
 */
export async function openBrowser(): Promise<Browser> {
  const which =
    process.platform === "linux"
      ? { executablePath: await chromium.executablePath() }
      : { channel: process.platform === "win32" ? "msedge" : "chrome" };
  return playwright.launch({ ...which, args: ARGUMENTS, headless: true });
}
