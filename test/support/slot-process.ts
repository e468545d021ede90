import { startEmulator } from "../emulators/index.ts";
import { EMULABLE } from "./emulable.ts";
import { startReceiver } from "./receiver.ts";

/*
 * A slot: one emulator of each provider and one receiver of webhooks. It says in one line where they
 * are, and ends with its input, so that nothing is left over when the tests are killed.
 */

const [receiver, ...emulators] = await Promise.all([
  startReceiver(),
  ...EMULABLE.map((name) => startEmulator(name, { script: "quiet", seed: 1 })),
]);
const urls = EMULABLE.map((name, index) => [name, emulators[index]?.url]);
console.log(JSON.stringify({ emulators: Object.fromEntries(urls), receiver: receiver.url }));

process.stdin.resume().once("close", () => process.exit());
