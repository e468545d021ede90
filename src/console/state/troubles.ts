/* What is wrong now, worst first. Pure. */
import type { Connection } from "../../client/events.ts";
import type { Status, Webhook } from "../api/types.ts";
import type { Mend } from "../text/advice-kinds.ts";
import { adviseLink } from "../text/advice.ts";
import { nameProtocol } from "../text/protocol-names.ts";

export interface Trouble {
  readonly key: string;
  /** 0 is worst. */
  readonly rank: number;
  readonly title: string;
  readonly words: string;
  readonly page: "sources" | "webhooks" | "health";
  readonly part: string;
  readonly action: string;
  readonly nextAt: string | null;
}

const ACTIONS: Readonly<Record<Mend, string>> = {
  credentials: "Change credentials",
  address: "Change the address",
  wait: "Look at it",
  look: "Look at it",
  nothing: "Look at it",
};

/** How far history may be behind before it is told of. */
const LAG_MS = 60_000;

/** Lists what needs somebody, or will mend itself, with one thing to do for each. */
export function listTroubles(
  status: Status | null,
  connections: readonly Connection[],
  webhooks: readonly Webhook[],
): Trouble[] {
  const troubles: Trouble[] = [];
  for (const { id, protocol, phase, reason, detail, nextDialAt } of status?.providers ?? []) {
    const advice = adviseLink(reason);
    if (advice === null || advice.calm === true || phase === "open") continue;
    troubles.push({
      key: `provider ${id}`,
      rank: phase === "stopped" ? 0 : 2,
      title: `${nameProtocol(protocol)}: ${phase === "stopped" ? "stopped" : "not connected"}`,
      words: `${advice.words}${detail === null ? "" : ` (${detail})`}`,
      page: "sources",
      part: id,
      action: ACTIONS[advice.mend],
      nextAt: phase === "waiting" ? nextDialAt : null,
    });
  }
  for (const { identifier, status: state, reason, target, platform } of connections) {
    const advice = adviseLink(reason);
    if (state !== "error" || advice === null || advice.calm === true) continue;
    troubles.push({
      key: `connection ${identifier}`,
      rank: 1,
      title: `${target?.name ?? identifier} on ${platform}`,
      words: advice.words,
      page: "sources",
      part: "",
      action: "Look at it",
      nextAt: null,
    });
  }
  for (const { id, url, health } of webhooks) {
    if (health.state !== "failing" && health.state !== "disabled") continue;
    // One that somebody has switched off is as it should be.
    if (health.state === "disabled" && health.reason === "requested") continue;
    troubles.push({
      key: `webhook ${id}`,
      rank: health.state === "disabled" ? 1 : 3,
      title: `Webhook ${new URL(url).host}: ${health.state}`,
      words:
        health.state === "disabled"
          ? `It gets nothing any more${health.reason === null ? "" : ` (${health.reason})`}.`
          : `${health.failedAttempts} attempts have failed. ${health.pending} events wait.`,
      page: "webhooks",
      part: id,
      action: "Look at it",
      nextAt: health.nextProbeAt,
    });
  }
  if (status !== null && status.history.lagMs > LAG_MS) {
    troubles.push({
      key: "history",
      rank: 4,
      title: "History is behind",
      words: `${status.history.lagEvents} events are not yet in the database. None is lost.`,
      page: "health",
      part: "",
      action: "Look at it",
      nextAt: null,
    });
  }
  return troubles.toSorted((one, other) => one.rank - other.rank);
}
