import {
  decide,
  type ChannelEffect,
  type ChannelInput,
  type ChannelState,
  type Decision,
} from "../../../src/channel/channel.ts";
import type { Link } from "../../../src/channel/connection-map.ts";
import { RecentKeys } from "../../../src/channel/recent.ts";
import { Tellings } from "../../../src/channel/tellings.ts";
import type { EventDraft } from "../../../src/event/event.ts";
import type { NumberedEvent } from "../../../src/event/group.ts";
import type { ProviderId } from "../../../src/event/ids.ts";
import { CHANNEL, EPOCH, RECORDED_AT } from "../../support/samples.ts";

export const LINK: Link = { providerId: "p_1", provider: "restream", dialId: "d_1" };

/** A channel of which nothing is known yet, or what a test makes of it. */
export function channelState(over: Partial<ChannelState> = {}): ChannelState {
  return {
    channel: CHANNEL,
    epoch: EPOCH,
    head: 0,
    recordedAt: 0,
    connections: {},
    merge: "exact",
    recent: new RecentKeys(),
    tellings: new Tellings(),
    repeats: 0,
    merged: {},
    ...over,
  };
}

/** What a provider has told. */
export function told(
  drafts: readonly EventDraft[],
  {
    at = RECORDED_AT,
    provider = "restream",
    secrets = [],
  }: {
    at?: number;
    provider?: ProviderId;
    secrets?: readonly string[];
  } = {},
): ChannelInput {
  return { type: "drafts-observed", provider, drafts, secrets, at };
}

/** What a decision has stored, or nothing. */
export function stored(decision: Decision): Extract<ChannelEffect, { type: "group-store" }> | null {
  const [first] = decision.effects;
  return first?.type === "group-store" ? first : null;
}

/** The events of a decision, as they were stored. */
export function eventsOf(decision: Decision): readonly NumberedEvent[] {
  return stored(decision)?.group.events ?? [];
}

/** Decides one list of inputs after the other; answers every decision. */
export function decideAll(
  state: ChannelState,
  groups: readonly (readonly ChannelInput[])[],
): readonly Decision[] {
  let now = state;
  return groups.map((inputs) => {
    const decision = decide(now, inputs);
    now = decision.state;
    return decision;
  });
}
