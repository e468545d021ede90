import type { Answer } from "../event/answer.ts";

/** An answer that only a channel that is there can give. */
export type IfThere<T> = Answer<T, "channel_not_found">;

/** Why somebody may not do what they ask for. */
export type Denial = "unauthorized" | "forbidden";

/** Why somebody may not follow a channel. */
export type AdmitRefusal = Denial | "channel_not_found" | "unavailable";

/** Why a socket cannot be closed for somebody. */
export type SocketRefusal = AdmitRefusal | "socket_not_found";
