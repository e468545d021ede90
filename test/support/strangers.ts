import { env } from "cloudflare:workers";

import { ownSlot } from "./slot.ts";

/*
 * Has the relay ask the emulated services for emotes, whatever a test is about: none asks a stranger.
 */

Object.assign(env, { EMOTES_URL: ownSlot().emotes });
