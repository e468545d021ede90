import type { ChannelCalls } from "../../calls/channel.ts";
import type { ObjectName } from "../../calls/object-names.ts";
import type { Principal } from "../../event/principal.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";

/** The world outside of a hub, as far as the hub needs it. */
export interface HubHost {
  readonly ctx: DurableObjectState;
  readonly masterKeys: MasterKeys;
  /** The hub's own name, by which channels find it. */
  readonly name: ObjectName;
  channel(name: ObjectName): ChannelCalls;
  /** The name of the object of a channel, where all of them are listed; null if there is none. */
  locate(id: string): Promise<ObjectName | null>;
  /** Are these as many sockets of one channel as an object is to hold? */
  isCrowd(sockets: number): boolean;
  /** Are these as many sockets as a hub is to hold? */
  isFull(sockets: number): boolean;
  /** The principal that a credential speaks for; null if it does not hold. */
  authenticate(credential: string | null): Promise<Principal | null>;
}
