/**
 * Plays one upstream until it is told to stop.
 *   npm run emulate -- <protocol> [--port N] [--script NAME] [--seed N] | --list
 */
import { parseArgs } from "node:util";

import { startEmoteServices } from "./emotes/server.ts";
import { BadInput, emulations, type Protocol, protocols, startEmulator } from "./index.ts";
import { startKick } from "./kick/server.ts";

/** What somebody who starts an emulator by hand wants to see; `quiet` is the name of nothing. */
const defaultScript = "demo";

/** Services that speak HTTP only and have no scripts: they are told what happens. */
const services = {
  emotes: { start: startEmoteServices, summary: "7TV, BTTV and FFZ: their lists of emotes" },
  kick: { start: startKick, summary: "Kick's API, its tokens and its webhooks, for one app" },
} as const;
type Service = keyof typeof services;

const names = [...protocols, ...Object.keys(services)];

function isService(name: string | undefined): name is Service {
  return name !== undefined && Object.hasOwn(services, name);
}

interface Order {
  readonly protocol: Protocol | Service;
  readonly port: number;
  readonly script: string;
  readonly seed: number | undefined;
}

function readOrder(args: readonly string[]): Order | "list" {
  const { values, positionals } = parseArguments(args);
  if (values.list === true) {
    return "list";
  }
  const [name, ...more] = positionals;
  const protocol = isService(name) ? name : protocols.find((known) => known === name);
  const there = `there are ${names.join(", ")}`;
  if (protocol === undefined) {
    throw new BadInput(
      name === undefined ? `Which protocol: ${there}` : `There is no protocol "${name}": ${there}`,
    );
  }
  if (more.length > 0) {
    throw new BadInput(`One protocol at a time, not also "${more.join(" ")}"`);
  }
  return {
    protocol,
    port: readWhole("port", values.port, 65_535) ?? 0,
    script: values.script ?? defaultScript,
    seed: readWhole("seed", values.seed, Number.MAX_SAFE_INTEGER),
  };
}

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        script: { type: "string" },
        seed: { type: "string" },
        list: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new BadInput(firstLine(error));
  }
}

function readWhole(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (!/^\d+$/.test(text) || Number(text) > most) {
    throw new BadInput(`--${name} takes a whole number up to ${most}, not "${text}"`);
  }
  return Number(text);
}

function listAll(): string {
  const lines = Object.values(emulations).flatMap(({ protocol, summary, scripts }) => [
    `${protocol}  ${summary}`,
    ...Object.entries(scripts).map(([name, script]) => `  --script ${name}  ${script.summary}`),
  ]);
  const others = Object.entries(services).map(([name, { summary }]) => `${name}  ${summary}`);
  return [...lines, ...others].join("\n");
}

async function run(order: Order): Promise<void> {
  const { protocol, ...options } = order;
  const emulator = isService(protocol)
    ? await services[protocol].start(options.port)
    : await startEmulator(protocol, options);
  const stop = () => {
    void emulator.close();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  console.log(`Emulating ${protocol} at ${emulator.url}`);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}

try {
  const order = readOrder(process.argv.slice(2));
  if (order === "list") {
    console.log(listAll());
  } else {
    await run(order);
  }
} catch (error) {
  console.error(firstLine(error));
  process.exitCode = error instanceof BadInput ? 2 : 1;
}
