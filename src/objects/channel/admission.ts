import type { ChannelNow } from "../../calls/channel.ts";
import type { AdmitRefusal } from "../../calls/refusals.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Principal } from "../../event/principal.ts";
import { report } from "../../report.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { deny, denyUnknown } from "../authority.ts";
import type { ChannelRuntime } from "./runtime.ts";

/**
 * The channel as it is, for somebody who may read it: by a scope, or because it is public. Whoever
 * may not learns nothing of whether there is such a channel. `lookUp` asks the database.
 */
export async function admit(
  principal: Principal,
  runtime: ChannelRuntime | null,
  lookUp: () => Promise<ChannelRecord | null>,
): Promise<Answer<ChannelNow, AdmitRefusal>> {
  if (runtime === null) return denyUnknown(principal);
  const { authority } = runtime;
  // Who is let in only because everybody is: what the object was told last may be too old for that.
  if (runtime.config.public && !authority.mayBySelf(principal, "events:read")) {
    try {
      const record = await lookUp();
      if (record?.number !== runtime.config.number) return deny(principal, "events:read");
      hear(runtime, record);
    } catch (error) {
      report("channel not looked up", error, { channel: runtime.config.id });
      return refuse("unavailable", "The channel is away.");
    }
  }
  return authority.denial(principal, "events:read") ?? grant(runtime.views.now());
}

/**
 * Takes the database's record of the channel, from whoever has just looked: an object that was not
 * told of a change hears of it now. False if it is another channel's.
 */
export function hear(runtime: ChannelRuntime, record: ChannelRecord): boolean {
  if (record.number !== runtime.config.number) return false;
  if (record.updatedAt > runtime.config.updatedAt) runtime.hear(record);
  return true;
}
