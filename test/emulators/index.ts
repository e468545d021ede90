import type { z } from "zod";

import { emulations, type Protocol, protocols } from "./emulations.ts";
import { BadInput } from "./kit/bad-input.ts";
import type { Emulation } from "./kit/emulation.ts";
import { type Emulator, type EmulatorOptions, EmulatorServer } from "./kit/emulator.ts";
import type { Truth } from "./kit/truth.ts";

export type { AstroAction, AstroTruth } from "./astro/index.ts";
export type { DliveAction, DliveTruth } from "./dlive/index.ts";
export { emulations, type Protocol, protocols } from "./emulations.ts";
export type { InteractiveSyncAction, InteractiveSyncTruth } from "./interactive-sync/index.ts";
export type { CommonAction } from "./kit/actions.ts";
export { BadInput } from "./kit/bad-input.ts";
export { type Condition, UnmetCondition } from "./kit/conditions.ts";
export type { Emulator, EmulatorOptions } from "./kit/emulator.ts";
export type { Outcome } from "./kit/outcome.ts";
export {
  burstKey,
  type Dialled,
  expandSaid,
  type Received,
  type Said,
  type SaidBurst,
  type SaidEntry,
  type Truth,
} from "./kit/truth.ts";
export {
  keyOfChat,
  type MultistreamerAction,
  type MultistreamerTruth,
} from "./multistreamer/index.ts";
export type { RestreamAction, RestreamTruth } from "./restream/index.ts";
export type { EventSubAction, EventSubTruth } from "./twitch-eventsub/index.ts";
export type { TwitchAction, TwitchTruth } from "./twitch-irc/index.ts";

/** The actions that the emulator of a protocol can be told. */
export type ActionOf<Name extends Protocol> =
  (typeof emulations)[Name]["actions"] extends z.ZodType<infer Action> ? Action : never;

/** What the emulator of a protocol knows of itself. */
export type TruthOf<Name extends Protocol> = Truth &
  ReturnType<ReturnType<(typeof emulations)[Name]["open"]>["report"]>;

export type EmulatorOf<Name extends Protocol> = Emulator<ActionOf<Name>, TruthOf<Name>>;

/** Plays an upstream on a port of this machine, until it is closed. */
export async function startEmulator<Name extends Protocol>(
  protocol: Name,
  options: EmulatorOptions = {},
): Promise<EmulatorOf<Name>> {
  if (!Object.hasOwn(emulations, protocol)) {
    throw new BadInput(`There is no protocol "${protocol}": there are ${protocols.join(", ")}`);
  }
  // SAFETY: what goes in and what comes out are looked up under the same name; in between, the
  // server only hands its own protocol's actions to its own protocol's service.
  const emulation = emulations[protocol] as unknown as Emulation<{ action: string }, object>;
  const emulator = new EmulatorServer(emulation, options);
  if (options.script !== undefined) {
    emulator.startScript(options.script);
  }
  await emulator.listen(options.port ?? 0);
  return emulator as unknown as EmulatorOf<Name>;
}
