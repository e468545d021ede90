import { vi } from "vitest";

import { call, type Answered } from "./api.ts";
import { ownSlot } from "./slot.ts";

/** A channel's emotes, as the API shows them. */
export interface ShownEmotes {
  readonly emotes: Record<string, { u: string; s?: string; w: number; h: number; z: number }>;
  readonly fetchedAt: string | null;
  readonly missing: readonly string[];
  readonly stale?: readonly string[];
}

interface Truth {
  readonly asked: readonly { service: string; account: string | null }[];
  readonly open: number;
}

/** The emulated services of emotes, by their control plane. */
export const emoteServices = {
  do: (...actions: Record<string, unknown>[]): Promise<Truth> => control("do", actions),
  reset: (): Promise<Truth> => control("reset"),
  truth: (): Promise<Truth> => control("truth"),
  /** Lists what was asked for, as `<service> <account>`. */
  async listAsked(): Promise<string[]> {
    const { asked } = await control("truth");
    return asked.map(({ service, account }) => `${service} ${account ?? "everybody"}`).toSorted();
  },
};

async function control(verb: string, actions?: unknown): Promise<Truth> {
  const response = await fetch(`${ownSlot().emotes}/__emulator/${verb}`, {
    method: verb === "truth" ? "GET" : "POST",
    ...(actions !== undefined && { body: JSON.stringify(actions) }),
  });
  if (!response.ok) throw new Error(`emulator: ${await response.text()}`);
  return response.json();
}

const DAY = 86_400_000;
let today = Date.now();

/**
 * Another time than any before: nothing that was kept is good any more. Answers how to let time go
 * by.
 */
export function beginDay(): (ms: number) => void {
  today += 10 * DAY;
  let now = today;
  vi.spyOn(Date, "now").mockImplementation(() => now);
  return (ms) => {
    now += ms;
  };
}

/** Asks for a channel's emotes. */
export function askForEmotes(
  channel: string,
  query = "",
  options: Parameters<typeof call>[3] = {},
): Promise<Answered<ShownEmotes>> {
  return call<ShownEmotes>("GET", `/channels/${channel}/emotes${query}`, undefined, options);
}
