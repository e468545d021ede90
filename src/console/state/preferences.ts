/* Preferences of whoever sits here: the only thing that outlives the tab, and nothing in it is secret. */
import { effect, signal } from "@preact/signals";

const NAME = "tributary.preferences";

export type Scheme = "auto" | "light" | "dark";

interface Preferences {
  readonly scheme: Scheme;
  /** Single letters as commands. */
  readonly letters: boolean;
}

function read(): Preferences {
  const usual: Preferences = { scheme: "auto", letters: true };
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Preferences>;
    return {
      scheme: kept.scheme === "light" || kept.scheme === "dark" ? kept.scheme : usual.scheme,
      letters: kept.letters !== false,
    };
  } catch {
    // A browser that keeps nothing.
    return usual;
  }
}

const kept = read();

export const scheme = signal<Scheme>(kept.scheme);
export const letters = signal(kept.letters);

/** Follows the preferences: shows them, and keeps them. */
export function followPreferences(): void {
  effect(() => {
    const { value } = scheme;
    if (value === "auto") delete document.documentElement.dataset["scheme"];
    else document.documentElement.dataset["scheme"] = value;
    try {
      localStorage.setItem(NAME, JSON.stringify({ scheme: value, letters: letters.value }));
    } catch {
      // They hold as long as the page.
    }
  });
}
