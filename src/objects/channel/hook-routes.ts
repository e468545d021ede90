import { pickDeployment, type ExchangeAnswer } from "../../protocols/hook.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import { report } from "../../report.ts";
import { addRoute, dropRoute, isRouted } from "../../store/history/hook-routes.ts";
import { listClaims } from "../../store/journal/hook-routes.ts";
import { listErrands, type Errand } from "../../store/object/errands.ts";
import type { Errands } from "../errands.ts";
import { performExchange } from "../providers/dial.ts";
import type { Claimed, HookRoutes } from "../providers/hooks.ts";
import type { ChannelErrand } from "./end.ts";
import type { Incarnation } from "./meta.ts";

/** The parts of a channel's object that its directory of claims needs. */
interface RoutesParts {
  readonly storage: DurableObjectStorage;
  readonly errands: Errands<ChannelErrand>;
  readonly channel: Incarnation;
}

/** The directory of claims in the relay's own database, as a channel writes in it. */
export function makeHookRoutes(parts: RoutesParts, env: Pick<Env, "DB">): HookRoutes {
  const { storage, channel } = parts;
  const isLeaving = (claim: Claimed): boolean =>
    listErrands(storage.sql).some(
      ({ kind, name }) => kind === "hook-leave" && name === nameClaim(claim),
    );
  return {
    async add(claim) {
      // What is being left would take the new claim with it.
      if (isLeaving(claim)) await parts.errands.run();
      if (isLeaving(claim)) return false;
      try {
        await addRoute(env.DB, { ...claim, channel: channel.number });
        return true;
      } catch (error) {
        report("hook route not added", error, { channel: channel.number });
        return false;
      }
    },
    leave: (claim) => parts.errands.put([makeLeaveErrand(claim, channel)]),
    begin: () => parts.errands.begin(),
  };
}

/** Everything that a channel has claimed is to be left. */
export function makeLeaveErrands(sql: SqlStorage, was: Incarnation): Errand<ChannelErrand>[] {
  return listClaims(sql).map((claim) => makeLeaveErrand(claim, was));
}

function makeLeaveErrand(claim: Claimed, { number, epoch }: Incarnation): Errand<ChannelErrand> {
  return { kind: "hook-leave", name: nameClaim(claim), number, epoch };
}

function nameClaim({ protocol, provider, key }: Claimed): string {
  return JSON.stringify([protocol, provider, key]);
}

/**
 * Takes a claim out of the directory, and, where it was the last one to its key, tells the provider that
 * nobody wants to hear of it. Rejects where that is to be done again later.
 */
export async function leaveHook(
  env: Pick<Env, "DB">,
  { name, number }: Pick<Errand, "name" | "number">,
): Promise<void> {
  const [protocol, provider, key] = JSON.parse(name) as [string, string, string];
  const db = env.DB.withSession("first-primary");
  await dropRoute(db, { protocol, key, channel: number, provider });
  if (await isRouted(db, protocol, key)) return;
  await tellProvider(env, protocol, key);
}

async function tellProvider(env: object, protocol: string, key: string): Promise<void> {
  const adapter = findProviderAdapter(protocol);
  if (adapter?.hook === undefined) return;
  const deployment = pickDeployment(env, adapter.deployment?.names ?? []);
  const answers: ExchangeAnswer[] = [];
  for (;;) {
    const next = adapter.hook.leave(deployment, key, answers);
    if (next.type === "done") return;
    if (next.type === "later") throw new Error("the provider could not be told yet");
    answers.push(await performExchange(next.exchange));
  }
}
