import type { Answer } from "../event/answer.ts";
import type { Erasure } from "../event/erasure.ts";
import type { EventDraft } from "../event/event.ts";
import type { Group } from "../event/group.ts";
import type { ChannelId, Epoch, ProviderId, Seq } from "../event/ids.ts";
import { redactDraft } from "../event/redact-draft.ts";
import { redact, redactDetail } from "../event/redact.ts";
import type { Sighting } from "../event/sighting.ts";
import type { ConnectionEntry, ConnectionMap, Link } from "./connection-map.ts";
import { drop, lose, observe, remove, settle, type Change, type Observed } from "./connections.ts";
import { GroupBuilder } from "./numbering.ts";
import type { Remembered } from "./occurrences.ts";

/**
 * The outcome of an input: its events' places once they are written, or the reason for a refusal.
 */
export type Placed = Answer<readonly Seq[], "invalid_input">;

/** All that a channel decides by. A decision changes nothing in it and makes another one. */
export interface ChannelState extends Remembered {
  readonly channel: ChannelId;
  readonly epoch: Epoch;
  /** The newest event's place; 0 for an empty log. */
  readonly head: Seq;
  /** When the newest event was recorded. */
  readonly recordedAt: number;
  readonly connections: ConnectionMap;
}

/** The inputs of a channel. `at` is the time, in milliseconds since 1970. */
export type ChannelInput =
  | {
      readonly type: "drafts-observed";
      readonly provider: ProviderId;
      readonly drafts: readonly EventDraft[];
      /** Credentials that must not show up in what the provider says. */
      readonly secrets: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: "connection-observed";
      readonly link: Link;
      readonly connection: Observed;
      readonly secrets: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: "connection-dropped";
      readonly link: Link;
      readonly uuid: string;
      readonly reason: string;
      readonly final: boolean;
      readonly secrets: readonly string[];
      readonly at: number;
    }
  | {
      readonly type: "link-lost";
      readonly link: Link;
      readonly claims: readonly string[];
      readonly status: "connecting" | "error" | "closed";
      readonly reason: string;
      readonly lastSeenAt: number;
      /** Nothing is missed: the provider is heard all the same. */
      readonly isHeard?: boolean;
      readonly at: number;
    }
  | { readonly type: "link-settled"; readonly link: Link; readonly at: number }
  | { readonly type: "link-removed"; readonly link: Link; readonly at: number };

/** The effects of a channel's decision, to be performed in this order. */
export type ChannelEffect =
  /** One transaction, before anyone sees any of it. */
  | {
      readonly type: "group-store";
      readonly group: Group;
      readonly recordedAt: number;
      readonly connections: {
        readonly saved: readonly ConnectionEntry[];
        readonly gone: readonly string[];
      };
      readonly erasures: readonly Erasure[];
      /** Later tellings, by other connections, of events that are there. */
      readonly sightings: readonly Sighting[];
    }
  | { readonly type: "group-publish"; readonly group: Group };

/** The outcome of a decision. */
export interface Decision {
  readonly state: ChannelState;
  readonly effects: readonly ChannelEffect[];
  /**
   * For every draft of the inputs that were taken, in order, the place it has in the log: a repeat
   * has its first one's.
   */
  readonly places: readonly Seq[];
  /** The inputs that were refused, by their place among all. The others do not notice. */
  readonly refusals?: ReadonlyMap<number, Refusal>;
}

/** Why an input was not taken. */
export interface Refusal {
  /** For whoever it came from. */
  readonly problem: string;
  /** The exception, where the fault is the relay's own; null where the input is at fault. */
  readonly error: unknown;
}

/**
 * The whole policy of a channel: what happened becomes one group of numbered events. The order of
 * effects is a promise: stored before published. An input that cannot be taken, for whatever cause,
 * is refused as a whole and by itself.
 */
export function decide(state: ChannelState, inputs: readonly ChannelInput[]): Decision {
  const builder = new GroupBuilder(state);
  const refusals = new Map<number, Refusal>();
  let { connections } = state;
  for (const [index, input] of inputs.entries()) {
    const refusal = builder.attempt(() => {
      connections = take(builder, connections, input);
    });
    if (refusal !== null) refusals.set(index, refusal);
  }
  return builder.close(connections, refusals);
}

/** Takes one input; answers the map after it. */
function take(builder: GroupBuilder, before: ConnectionMap, input: ChannelInput): ConnectionMap {
  if (input.type === "drafts-observed") {
    const { provider, secrets, at } = input;
    for (const draft of input.drafts) builder.place(redactDraft(draft, secrets), provider, at);
    return before;
  }
  const { map, drafts } = changeOf(before, input);
  for (const draft of drafts) builder.record(draft, input.link.provider, input.at);
  return map;
}

function changeOf(
  map: ConnectionMap,
  input: Exclude<ChannelInput, { type: "drafts-observed" }>,
): Change {
  const { link, at } = input;
  switch (input.type) {
    case "connection-observed":
      return observe(map, link, redactConnection(input.connection, input.secrets), at);
    case "connection-dropped": {
      const reason = redactDetail(input.reason, input.secrets);
      return drop(map, link, { ...input, reason }, at);
    }
    case "link-lost":
      return lose(map, link, input, at);
    case "link-settled":
      return settle(map, link);
    case "link-removed":
      return remove(map, link.providerId);
  }
}

/** Redacts a connection, which goes into events as well. Its names are the map's keys. */
function redactConnection(connection: Observed, secrets: readonly string[]): Observed {
  const { reason, target } = connection;
  const told = reason === null ? null : redactDetail(reason, secrets);
  return { ...connection, reason: told, target: redact(target, secrets) };
}
