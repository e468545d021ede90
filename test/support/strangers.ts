import { env } from "cloudflare:workers";

import { ownSlot } from "./slot.ts";

/*
 * Has the relay ask the emulated services for emotes, and an emulated Kick, whatever a test is about: none
 * asks a stranger.
 */

const { emotes, kick } = ownSlot();

Object.assign(env, {
  EMOTES_URL: emotes,
  KICK_CLIENT_ID: "a-kick-app",
  KICK_CLIENT_SECRET: "a-kick-secret",
  KICK_API_URL: kick,
  KICK_AUTH_URL: kick,
});
