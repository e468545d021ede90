/* Preferences of whoever sits here: the only thing that outlives the tab, and nothing in it is secret. */
import { computed, effect, signal } from "@preact/signals";

const NAME = "tributary.preferences";

export type Scheme = "auto" | "light" | "dark";

interface Preferences {
  readonly scheme: Scheme;
  /** Single letters as commands. */
  readonly letters: boolean;
  /** A sound for each alert, in the chat and in the dock. */
  readonly alertSound: boolean;
  /** A sound and a mark where one's own name is said. */
  readonly mentions: boolean;
}

const usual: Preferences = { scheme: "auto", letters: true, alertSound: false, mentions: false };

function read(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Preferences>;
    return {
      scheme: kept.scheme === "light" || kept.scheme === "dark" ? kept.scheme : usual.scheme,
      letters: kept.letters !== false,
      alertSound: kept.alertSound === true,
      mentions: kept.mentions === true,
    };
  } catch {
    // A browser that keeps nothing.
    return usual;
  }
}

const kept = read();

export const scheme = signal<Scheme>(kept.scheme);

const system = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(system.matches);
system.addEventListener("change", ({ matches }) => {
  isSystemDark.value = matches;
});

/** True where it is dark now, by choice or as the machine has it: it may change in the evening. */
export const isDark = computed(() =>
  scheme.value === "auto" ? isSystemDark.value : scheme.value === "dark",
);

export const letters = signal(kept.letters);
export const alertSound = signal(kept.alertSound);
export const mentions = signal(kept.mentions);

/** Follows the preferences: shows them, and keeps them. */
export function followPreferences(): void {
  effect(() => {
    const { value } = scheme;
    if (value === "auto") delete document.documentElement.dataset["scheme"];
    else document.documentElement.dataset["scheme"] = value;
    try {
      const all: Preferences = {
        scheme: value,
        letters: letters.value,
        alertSound: alertSound.value,
        mentions: mentions.value,
      };
      localStorage.setItem(NAME, JSON.stringify(all));
    } catch {
      // They hold as long as the page.
    }
  });
}
