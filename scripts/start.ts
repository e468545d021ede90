/*
 * `npm start`: the relay on this machine, with everything it needs, in one process group. The
 * runtime is driven directly, with the version that wrangler brings and from the bundle that is
 * deployed.
 */
import { mkdirSync } from "node:fs";

import { linkTwitch, startDemo, startDemoWorld } from "./local/demo.ts";
import { takeLock } from "./local/lock.ts";
import { readOptions } from "./local/options.ts";
import { startRelay } from "./local/relay.ts";
import { readSecrets } from "./local/secrets.ts";

const options = readOptions(process.argv.slice(2));
mkdirSync(options.data, { recursive: true });
const lock = takeLock(options.data);
const secrets = readSecrets(options.data, process.env);

/** The parts to be ended, last begun first. */
const running: { stop(): Promise<void> }[] = [];
let isStopping = false;

async function stop(code: number): Promise<never> {
  if (isStopping) return new Promise(() => {});
  isStopping = true;
  // Whatever hangs: five seconds are promised.
  setTimeout(() => process.exit(code), 4_000).unref();
  for (const each of running.toReversed()) {
    await each.stop().catch((error: unknown) => {
      // The others are to be ended as well.
      console.error("could not be ended:", error);
    });
  }
  lock.release();
  process.exit(code);
}

process.on("SIGINT", () => void stop(0));
process.on("SIGTERM", () => void stop(0));
process.on("SIGHUP", () => void stop(0));

function fail(error: unknown): Promise<never> {
  console.error(error instanceof Error ? error.message : String(error));
  return stop(1);
}

/** The overlays of the demo: for OBS as they stand, and in a browser on a backdrop. */
function listOverlays(url: string): string[] {
  const kinds = ["chat", "alerts", "events", "goal", "featured", "viewers"];
  return kinds.map((kind, at) => {
    // Nobody features anything here: what is given does.
    const source = kind === "featured" ? "&source=dock,tip" : "";
    const address = `${url}/overlay/${kind}?channel=demo&backdrop=dark${source}`;
    return `${at === 0 ? "Overlays" : "        "}     ${address}`;
  });
}

async function start(): Promise<void> {
  const world = options.demo ? await startDemoWorld() : null;
  if (world !== null) running.push(world);
  const relay = await startRelay(options, secrets, world?.settings);
  running.push(relay);
  lock.note(relay.children);
  if (options.demo) running.push(await startDemo(relay.url, secrets.adminKey));
  const { url } = relay;
  if (options.twitch !== null) await linkTwitch(url, secrets.adminKey, options.twitch);
  const lines = [
    `Console      ${url}/console/`,
    `API          ${url}/v1`,
    `Docs         ${url}/v1/docs`,
    ...(options.demo ? [`Demo         ${url}/v1/channels/demo/events`, ...listOverlays(url)] : []),
    `Data         ${options.data}`,
    `Admin key    ${secrets.isAdminKeyGiven ? "as TRIBUTARY_ADMIN_KEY says" : secrets.adminKey}`,
    `Tributary is ready at ${url}`,
  ];
  console.log(lines.join("\n"));
}

await start().catch((error: unknown) => {
  // Says why, and ends what has begun.
  return fail(error);
});
