import { reachHub } from "../../asking.ts";
import { readName } from "../../calls/object-names.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import type { HubFanoutHost } from "./hub-fanout.ts";
import type { LogFollowers } from "./log-followers.ts";
import type { ChannelPort, ViewPort, WakePort } from "./ports.ts";
import type { Publication } from "./publication.ts";

/** A channel's object, as far as giving its log to hubs needs it. */
interface ChannelParts
  extends
    Pick<ChannelPort, "storage">,
    Pick<ViewPort, "ground">,
    Pick<WakePort, "populationChanged"> {
  readonly followers: LogFollowers;
  readonly publication: Pick<Publication, "minutes">;
}

/** A channel's object as the host of its hubs. */
export function makeHubsHost(
  parts: ChannelParts,
  env: Pick<Env, "HUB">,
  channel: ChannelRecord,
): HubFanoutHost {
  return {
    storage: parts.storage,
    followers: parts.followers,
    channel,
    hub: (name) => reachHub(env, readName(name)),
    ground: () => parts.ground,
    changed: () => parts.populationChanged(),
    given: (given) => parts.publication.minutes.add(given, Date.now()),
  };
}
