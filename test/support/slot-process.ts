import { startEmoteServices } from "../emulators/emotes/server.ts";
import { startEmulator } from "../emulators/index.ts";
import { startKick } from "../emulators/kick/server.ts";
import { EMULABLE } from "./emulable.ts";
import { startReceiver } from "./receiver.ts";

/*
 * A slot: one emulator of each provider, one of the services of emotes, one of Kick, and one receiver of webhooks. It says in one line where they
 * are, and ends with its input, so that nothing is left over when the tests are killed.
 */

const [receiver, emotes, kick, ...emulators] = await Promise.all([
  startReceiver(),
  startEmoteServices(),
  startKick(),
  ...EMULABLE.map((name) => startEmulator(name, { script: "quiet", seed: 1 })),
]);
const urls = EMULABLE.map((name, index) => [name, emulators[index]?.url]);
const slot = {
  emulators: Object.fromEntries(urls),
  emotes: emotes.url,
  kick: kick.url,
  receiver: receiver.url,
};
console.log(JSON.stringify(slot));

process.stdin.resume().once("close", () => process.exit());
