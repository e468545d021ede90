/* The channel that is open: one connection of the client for all pages. */
import { effect, signal } from "@preact/signals";

import type { Connection } from "../../client/events.ts";
import { Tributary, type Channel as Line } from "../../client/index.ts";
import type { ConnectionState, Gap } from "../../client/types.ts";
import { ask, at } from "../api/call.ts";
import { reportFault } from "../api/fault.ts";
import type { Channel, Status } from "../api/types.ts";
import { clearLog, startLog } from "./log.ts";
import { endSession, onLeave, readKey } from "./session.ts";

/** The line of one channel, as it is open now. */
export const line = signal<Line | null>(null);
export const lineState = signal<ConnectionState>({ name: "idle" });
export const connections = signal<readonly Connection[]>([]);
export const channel = signal<Channel | null>(null);
export const status = signal<Status | null>(null);
/** The status was asked for and not got: what it says is not known, or of before. */
export const hasStatusFailed = signal(false);
export const gaps = signal<readonly Gap[]>([]);

/** How far this machine's clock is behind the relay's, in milliseconds; null while it is not known. */
export const clockOffset = signal<number | null>(null);

const STATUS_MS = 5_000;
const GAPS = 50;

let relay: Tributary | null = null;
let stop: () => void = () => {};

/** Opens a channel, and closes the one before. */
export function openChannel(id: string): void {
  if (line.peek()?.id === id) return;
  closeChannel();
  relay = new Tributary({
    auth: () => Promise.resolve(readKey()),
  });
  const opened = relay.channel(id, { from: { rewind: 100 }, lingerMs: 60_000 });
  opened.addEventListener("state", ({ detail: { to } }) => {
    lineState.value = to;
    if (to.name === "live") clockOffset.value = opened.serverNow() - Date.now();
    // Whoever has no key any more sees the log-in page, and the page stays where it is.
    if (to.name === "stopped" && to.reason.code === "unauthorized" && readKey() !== null) {
      endSession("Your key no longer holds: it was revoked, or it ran out.");
    }
  });
  opened.addEventListener("connections", ({ detail }) => {
    connections.value = [...detail.values()];
  });
  opened.addEventListener("gap", ({ detail }) => {
    gaps.value = [...gaps.peek(), detail].slice(-GAPS);
  });
  const endLog = startLog(opened);
  line.value = opened;
  const look = (): void => {
    if (document.visibilityState === "visible") void readStatus(id);
  };
  look();
  const timer = setInterval(look, STATUS_MS);
  document.addEventListener("visibilitychange", look);
  stop = () => {
    endLog();
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

/** Asks for the status now: something has changed it. */
export async function readStatus(id = line.peek()?.id): Promise<void> {
  if (id === undefined) return;
  try {
    const found = await ask<Status>(at`/channels/${id}/status`);
    if (line.peek()?.id !== id) return;
    status.value = found;
    hasStatusFailed.value = false;
  } catch (error) {
    reportFault(error);
    if (line.peek()?.id === id) hasStatusFailed.value = true;
    // The bar says that the relay is away; what was known stays.
  }
}

/** Closes the channel that is open. */
export function closeChannel(): void {
  stop();
  stop = () => {};
  relay?.close();
  relay = null;
  clearLog();
  line.value = null;
  lineState.value = { name: "idle" };
  connections.value = [];
  status.value = null;
  hasStatusFailed.value = false;
  gaps.value = [];
  channel.value = null;
}

/** The relay's time. */
export function readNow(): number {
  return line.peek()?.serverNow() ?? Date.now();
}

/** A signal that moves every second, for what counts down; it rests while nobody looks. */
export const now = signal(Date.now());
effect(() => {
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") now.value = readNow();
  }, 1_000);
  return () => clearInterval(timer);
});

onLeave(closeChannel);
