/* Filter of a chat's lines by what the address says. Pure. */
import type { StreamEvent } from "../kit/events.ts";
import { listNames } from "../kit/moderation.ts";

interface FilterOptions {
  readonly test: string;
  readonly hide: readonly string[];
  readonly roles: readonly string[];
  readonly commands: string;
  readonly bots: string;
}

/** Bots that their platforms do not call so. */
const BOTS =
  /^(nightbot|streamelements|streamlabs|moobot|fossabot|wizebot|botrix(oficial)?|botisimo|sery_bot|soundalerts|own3d)$/;

/** Makes the test that a line must pass to be shown. */
export function makeFilter({
  test,
  hide,
  roles,
  commands,
  bots,
}: FilterOptions): (event: StreamEvent) => boolean {
  const hidden = hide.map((name) => name.toLowerCase().replace(/^@/, ""));
  return ({ test: isTest, type, data: { user, message } }) => {
    const names = user ? listNames(user) : [];
    const theirs = user?.roles ?? [];
    if ((isTest && test === "hide") || names.some((name) => hidden.includes(name))) return false;
    if (type !== "chat.message") return true;
    // A tombstone, and what was said to one person only.
    if (!message || message.deleted || message.to) return false;
    if (commands === "hide" && /^\s*!\S/.test(message.text.slice(0, 50))) return false;
    if (bots === "hide" && (theirs.includes("bot") || names.some((name) => BOTS.test(name))))
      return false;
    return roles.length === 0 || roles.some((role) => theirs.includes(role));
  };
}
