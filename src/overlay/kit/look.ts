import type { common } from "./common.ts";
import type { Readers, Settings } from "./parameters.ts";

export type Common = Settings<typeof common>;

/** Readers of what only a browser can tell. */
export const readersOfLook: Readers = new Map<string, (text: string) => unknown>(
  Object.entries({
    color: (text: string) => {
      const color = /^[\da-f]{3,8}$/i.test(text) ? `#${text}` : text;
      return CSS.supports("color", color) && !/var|env|attr/i.test(color) ? color : null;
    },
    language: (text: string) => {
      try {
        return Intl.NumberFormat.supportedLocalesOf(text)[0] ?? null;
      } catch {
        // No language tag at all.
        return null;
      }
    },
  }),
);

/** Puts what an address says about looks on the page: attributes and custom properties. */
export function applyLook({
  theme,
  align,
  backdrop,
  font,
  lang,
  size,
  scale,
  motion,
  ...colors
}: Common): void {
  const page = document.documentElement;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const moves = motion === "auto" ? (isCalm ? "reduced" : "full") : motion;
  Object.assign(page.dataset, { theme, align, backdrop, motion: moves });
  const set = (name: string, value: string): void => {
    if (value) page.style.setProperty(`--${name}`, value);
  };
  set("size", `${size * scale}px`);
  set("accent", colors.accent);
  set("color", colors.color);
  set("panel-color", colors.color);
  set("row-background", colors.background);
  set("panel-background", colors.background);
  set("font", font && `"${font.replace(/["\\\p{Cc}]/gu, "")}",var(--system)`);
  if (!lang) return;
  page.lang = lang;
  page.dir = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/.test(lang) ? "rtl" : "ltr";
}
