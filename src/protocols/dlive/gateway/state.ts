import { z } from "zod";

import { Principal } from "../../../event/principal.ts";
import type { GatewayEffect } from "../../gateway-session.ts";
import { OperationId } from "../wire/frames.ts";
import { Operations } from "./operations.ts";
import { Wanted } from "./start.ts";

/** A frame about an operation, as far as it can be read: `problem` says why no further. */
export const Early = z.object({
  id: OperationId,
  ask: z.union([
    z.literal("stop"),
    z.object({ wanted: Wanted }),
    z.object({ problem: z.string() }),
  ]),
});
export type Early = z.infer<typeof Early>;

/** The memory of a client's socket, by the phase of its handshake. Never holds a token. */
export const State = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("new") }),
  z.object({ phase: z.literal("initialising"), since: z.number(), early: z.array(Early) }),
  z.object({
    phase: z.literal("ready"),
    principal: Principal,
    operations: Operations,
    /** When an operation would be started that keeps the pace exactly. */
    paceAt: z.number().default(0),
  }),
  z.object({ phase: z.literal("over") }),
]);
export type State = z.infer<typeof State>;
export type In<P extends State["phase"]> = Extract<State, { phase: P }>;

export interface Reaction {
  readonly state: State;
  readonly effects: readonly GatewayEffect[];
}
