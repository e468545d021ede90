import type { Demand } from "../../channel/demand.ts";
import { lookUp } from "../../lib/json.ts";
import { readMasterKeys, type MasterKeyEnv } from "../../lib/master-keys.ts";
import { pickDeployment } from "../../protocols/hook.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import type { Errands } from "../errands.ts";
import { makeOutboundTurns } from "../providers/outbound.ts";
import type { ProvidersHost } from "../providers/providers.ts";
import type { ChannelErrand } from "./end.ts";
import { makeHookRoutes } from "./hook-routes.ts";
import type { ChannelLog } from "./log.ts";
import type { ChannelPort } from "./ports.ts";
import type { Outbox } from "./sends.ts";

/** A channel's object, as far as its providers need it. */
interface ChannelParts extends Pick<ChannelPort, "storage" | "channel"> {
  /** The channel as it is now: its mode counts where a provider has none. */
  readonly config: ChannelRecord;
  readonly log: Pick<ChannelLog, "offer" | "connections">;
  readonly outbox: Pick<Outbox, "handle">;
  readonly errands: Errands<ChannelErrand>;
}

/** A channel's object as the host of its providers. */
export function makeProvidersHost(
  parts: ChannelParts,
  env: MasterKeyEnv & Pick<Env, "ALLOW_PRIVATE_NETWORK" | "DB">,
  demand: { readonly now: Demand },
): ProvidersHost {
  return {
    storage: parts.storage,
    routes: makeHookRoutes(parts, env),
    deployment: (names) => pickDeployment(env, names),
    masterKeys: readMasterKeys(env),
    turns: makeOutboundTurns(),
    isPrivateAllowed: env.ALLOW_PRIVATE_NETWORK === "on",
    offer: (input, bytes, ended) => parts.log.offer(input, bytes, ended),
    sent: (input) => parts.outbox.handle(input),
    mode: () => parts.config.mode,
    demand: () => demand.now,
    claimedBy: (identifier) => lookUp(parts.log.connections, identifier)?.providerId ?? null,
  };
}
