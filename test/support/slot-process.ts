import { startEmoteServices } from "../emulators/emotes/server.ts";
import { startEmulator } from "../emulators/index.ts";
import { EMULABLE } from "./emulable.ts";
import { startReceiver } from "./receiver.ts";

/*
 * A slot: one emulator of each provider, one of the services of emotes, and one receiver of webhooks. It says in one line where they
 * are, and ends with its input, so that nothing is left over when the tests are killed.
 */

const [receiver, emotes, ...emulators] = await Promise.all([
  startReceiver(),
  startEmoteServices(),
  ...EMULABLE.map((name) => startEmulator(name, { script: "quiet", seed: 1 })),
]);
const urls = EMULABLE.map((name, index) => [name, emulators[index]?.url]);
const slot = { emulators: Object.fromEntries(urls), emotes: emotes.url, receiver: receiver.url };
console.log(JSON.stringify(slot));

process.stdin.resume().once("close", () => process.exit());
