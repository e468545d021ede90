import { z } from "zod";

import { decode, isRecord, type Json } from "../../../lib/json.ts";

/** The views of an interface. */
export const VIEWS = ["panel", "mobile", "video_overlay"] as const;

/** As a component has it in what is shown: its defaults are filled in. */
const Cooldown = z.looseObject({ duration: z.number(), broadcast: z.boolean() });
type Cooldown = z.infer<typeof Cooldown>;

const MouseCooldown = z.looseObject({ duration: z.number(), limit: z.number() });

/** The cooldown of the component of a name in a view; null if there is none. */
export function findComponent(shown: Json | null, view: string, name: string): Cooldown | null {
  const part = findPart(shown, view);
  // Its zones are parts of their own. A name may stand in several: the first counts.
  const parts = view === "video_overlay" && isRecord(part) ? Object.values(part) : [part];
  for (const each of parts) {
    const found = listItems(findPart(each, "components")).find((item) => item["name"] === name);
    const cooldown = decode(Cooldown, found?.["cooldown"]);
    if (cooldown.ok) return cooldown.value;
  }
  return null;
}

/** How often a button of the mouse may be pressed; null if presses are not told of. */
export function findMouse(shown: Json | null, type: string): z.infer<typeof MouseCooldown> | null {
  const items = listItems(findPart(findPart(shown, "video_overlay"), "mouse"));
  const cooldown = decode(MouseCooldown, items.find((item) => item["type"] === type)?.["cooldown"]);
  return cooldown.ok ? cooldown.value : null;
}

function findPart(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function listItems(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
