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

/** A headless browser that installs from the registry and needs nothing of the machine. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ARGUMENTS,
    headless: true,
  });
}
