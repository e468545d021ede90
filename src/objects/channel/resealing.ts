import { reachWebhook } from "../../asking.ts";
import { nameWebhook } from "../../calls/object-names.ts";
import { readMasterKeys, type MasterKeyEnv } from "../../lib/master-keys.ts";
import { addLeft, type SealedLeft } from "../../lib/sealed-left.ts";
import { report } from "../../report.ts";
import { resealAll } from "../resealing.ts";
import type { ChannelRuntime } from "./runtime.ts";

// A webhook that has not answered by then is asked again in the next round.
const ASK_MS = 5_000;

/** Seals anew what a channel keeps, and has its webhooks do so. Answers what is left of both. */
export async function resealChannel(
  runtime: ChannelRuntime | null,
  env: MasterKeyEnv & Pick<Env, "WEBHOOK">,
): Promise<SealedLeft> {
  const own = await resealAll(readMasterKeys(env), runtime?.providers.keptSeals ?? []);
  if (runtime === null) return own;
  const { config } = runtime;
  const asked = runtime.webhooks.ids().map(async (id): Promise<SealedLeft | null> => {
    try {
      return await reachWebhook(env, nameWebhook(config, config.number, id), ASK_MS).reseal();
    } catch (error) {
      report("webhook could not seal anew", error, { webhook: id });
      return null;
    }
  });
  return addLeft(own.keyId, [own, ...(await Promise.all(asked))]);
}
