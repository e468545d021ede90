import type { Crowded } from "../../calls/socket.ts";
import type { Principal } from "../../event/principal.ts";
import { parseWholeNumber } from "../../lib/whole-number.ts";

// The platform holds 32,768 sockets in one object, whatever a setting says, and throws at the next.
const OBJECT_SOCKETS_MAX = 32_000;

// As many sockets of a channel as one object holds where no setting says otherwise.
const SOCKETS_MAX = 2_000;

/** Are these as many sockets of one channel as an object is to hold? */
export function isCrowd(
  sockets: number,
  { CHANNEL_SOCKETS }: Pick<Env, "CHANNEL_SOCKETS">,
): boolean {
  return isOverfull(sockets) || sockets >= (parseWholeNumber(CHANNEL_SOCKETS) ?? SOCKETS_MAX);
}

/** Are these as many as any object can hold? For sockets that can be nowhere else. */
export function isOverfull(sockets: number): boolean {
  return sockets >= OBJECT_SOCKETS_MAX;
}

// An object's memory is for all of its sockets.
const HUB_SOCKETS_MAX = 16_000;

/** Are these as many sockets as a hub is to hold? */
export function isFull(sockets: number, { HUB_SOCKETS }: Pick<Env, "HUB_SOCKETS">): boolean {
  return isOverfull(sockets) || sockets >= (parseWholeNumber(HUB_SOCKETS) ?? HUB_SOCKETS_MAX);
}

/** There is no room for any socket: whoever asks comes back later. */
export function refuseFull(): Response {
  return Response.json({ code: "full" }, { status: 503, headers: { "retry-after": "30" } });
}

/** There are too many from one address that have shown no credential. */
export function refuseStrangers(): Response {
  return Response.json({ code: "strangers" }, { status: 429, headers: { "retry-after": "60" } });
}

/** The door takes the socket elsewhere. */
export function refuseCrowded(principal: Principal | null): Response {
  return Response.json({ code: "crowded", principal } satisfies Crowded, { status: 503 });
}
