/** The version of this page's files: put in when pages are built. */
declare const VERSION: string;

const LOOK_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Loads the page anew after a day, while nobody sees it, where the relay has a newer one. */
export function reloadWhenOld(): void {
  const begun = Date.now();
  setInterval(() => {
    if (document.hidden && Date.now() - begun > DAY_MS) void look();
  }, LOOK_MS);
}

async function look(): Promise<void> {
  try {
    const answer = await fetch("/overlay/version", { cache: "no-store" });
    if (answer.ok && (await answer.text()).trim() !== VERSION) location.reload();
  } catch {
    // The relay is away: another hour.
  }
}
