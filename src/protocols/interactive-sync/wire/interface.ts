import { z } from "zod";

import { listProblems, type InputProblem } from "../../../event/answer.ts";
import { isRecord } from "../../../lib/json.ts";
import { Components, Heading, Mouse, Style } from "./components.ts";
import { requireAlphanumeric, Flag } from "./scalars.ts";

const Zone = z.strictObject({ components: Components.optional() });

/**
 * The interface that is shown to viewers, as the real server reads it
 * (jmcartlamy/interactive-sync-ebs, utils/validation/schema/userInterface.js): what is converted is
 * converted here, what has a default has it here, and what is not listed is refused. What comes out
 * goes in again unchanged.
 */
export const UserInterface = z.strictObject({
  id: requireAlphanumeric(64),
  config: z
    .strictObject({
      transparent: Flag.default(false),
      ripple: Flag.default(true),
      forceTheme: z.enum(["light", "dark"]).optional(),
    })
    .prefault({}),
  mobile: z
    .strictObject({
      title: Heading.optional(),
      style: Style.optional(),
      components: Components.optional(),
    })
    .optional(),
  panel: z.strictObject({ style: Style.optional(), components: Components.optional() }).optional(),
  video_overlay: z
    .strictObject({
      mouse: Mouse.optional(),
      left: Zone.optional(),
      bottom: Zone.optional(),
      right: Zone.optional(),
      top: Zone.optional(),
    })
    .optional(),
});
export type UserInterface = z.infer<typeof UserInterface>;

/** Takes away what is shown. */
export type NoInterface = Readonly<Record<string, never>>;

/** An interface in its normalised form, or everything that is wrong with it. */
export type InterfaceRead =
  | { readonly ok: true; readonly value: UserInterface | NoInterface }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/** Reads an interface, or the `{}` that takes it away. Never throws. */
export function readInterface(value: unknown): InterfaceRead {
  if (isRecord(value) && Object.keys(value).length === 0) return { ok: true, value: {} };
  const read = UserInterface.safeParse(value);
  return read.success
    ? { ok: true, value: read.data }
    : { ok: false, problems: listProblems(read.error) };
}
