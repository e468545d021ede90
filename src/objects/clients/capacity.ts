import type { Crowded } from "../../calls/channel.ts";
import type { Principal } from "../../event/principal.ts";
import { wholeNumber } from "../../lib/whole-number.ts";

// As many sockets of a channel as one object holds where no setting says otherwise.
const SOCKETS_MAX = 2_000;

/** Are these as many sockets of one channel as an object is to hold? */
export function isCrowd(
  sockets: number,
  { CHANNEL_SOCKETS }: Pick<Env, "CHANNEL_SOCKETS">,
): boolean {
  return sockets >= (wholeNumber(CHANNEL_SOCKETS) ?? SOCKETS_MAX);
}

/** The door takes the socket elsewhere. */
export function crowded(principal: Principal | null): Response {
  return Response.json({ code: "crowded", principal } satisfies Crowded, { status: 503 });
}
