/* Phases and states in words. Pure. */
import type { Connection } from "../../client/events.ts";
import type { Status, Webhook } from "../api/types.ts";
import type { Tone } from "../ui/parts.tsx";
import { adviseLink } from "./advice.ts";

interface Said {
  readonly tone: Tone;
  readonly word: string;
}

/** Says where a provider's link is. */
export function sayPhase({ phase, reason }: Status["providers"][number]): Said {
  const isCalm = adviseLink(reason)?.calm === true;
  switch (phase) {
    case "open":
      return { tone: "good", word: "Connected" };
    case "dialling":
      return { tone: "wait", word: "Dialling…" };
    case "waiting":
      return { tone: isCalm ? "calm" : "wait", word: isCalm ? "Waiting" : "Trying again" };
    case "stopped":
      return { tone: isCalm ? "calm" : "bad", word: isCalm ? "Paused" : "Stopped" };
    case "idle":
      return { tone: "calm", word: "Idle" };
  }
}

/** Says where one account's connection is. */
export function sayConnection({ status, reason, live }: Connection): Said {
  const isCalm = adviseLink(reason)?.calm === true;
  switch (status) {
    case "connected":
      return live === true ? { tone: "good", word: "Live" } : { tone: "good", word: "Connected" };
    case "connecting":
      return { tone: "wait", word: "Connecting" };
    case "error":
      return isCalm ? { tone: "calm", word: "Not live" } : { tone: "bad", word: "Error" };
    case "closed":
      return { tone: "calm", word: "Closed" };
  }
}

/** An endpoint's health in a word. */
export function sayHealth({ enabled, health }: Webhook): Said {
  if (!enabled || health.state === "disabled") return { tone: "calm", word: "Disabled" };
  switch (health.state) {
    case "healthy":
      return { tone: "good", word: "Healthy" };
    case "failing":
      return { tone: "bad", word: "Failing" };
    case "unverified":
      return { tone: "wait", word: "Not verified" };
  }
}
