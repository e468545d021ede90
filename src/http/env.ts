import type { Principal } from "../event/principal.ts";
import type { ArchiveEnv } from "../store/history/bucket.ts";
import type { ChannelRecord } from "../store/history/channels.ts";

/** Settings that need not be there. */
export interface OptionalEnv extends ArchiveEnv {
  /** The admin key before the one that there is, while that is being changed. */
  readonly TRIBUTARY_ADMIN_KEY_PREVIOUS?: string;
  /** The master key before the one that there is, while that is being changed. */
  readonly TRIBUTARY_MASTER_KEY_PREVIOUS?: string;
  /** The secret of a Twitch extension, as base64: its viewers' tokens are taken. */
  readonly TWITCH_EXTENSION_SECRET?: string;
  /** The address that is told what is wrong with the relay, and what is well again. */
  readonly ALARM_WEBHOOK_URL?: string;
  /** The secret that this is signed with: `whsec_<base 64>`. */
  readonly ALARM_WEBHOOK_SECRET?: string;
  /** The app at Kick that the relay hears all its channels by, and its secret. */
  readonly KICK_CLIENT_ID?: string;
  readonly KICK_CLIENT_SECRET?: string;
  /** The addresses of Kick's API and of its tokens, in place of Kick's own. */
  readonly KICK_API_URL?: string;
  readonly KICK_AUTH_URL?: string;
  /** The address at which 7TV, BTTV and FFZ are asked instead, each under its own name: `<address>/7tv/v3/…`. */
  readonly EMOTES_URL?: string;
}

/** The context of a request in Hono: the Worker's bindings, and what the middleware found out. */
export interface AppEnv {
  Bindings: Env & OptionalEnv;
  Variables: {
    requestId: string;
    /** The principal; looked up once, when first needed, and cut down to the channel asked for. */
    principal: Principal | undefined;
    /** Names what a request with an Idempotency-Key does, whenever it is carried out. */
    requestName: string | undefined;
    /** The channel in the address, once it is known that whoever asks may be told of it. */
    channel: ChannelRecord | undefined;
  };
}
