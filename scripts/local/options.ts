import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface Options {
  readonly port: number;
  /** Holds all state. */
  readonly data: string;
  /** With emulated providers and a channel linked to them. */
  readonly demo: boolean;
  /** The login of a Twitch channel that the demo hears as well. */
  readonly twitch: string | null;
}

const USAGE = "npm start -- [--port 8787] [--data DIR] [--no-demo] [--twitch LOGIN]";

/** The command line's options. What cannot be read ends the process, with a line that says why. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "8787" },
        data: { type: "string", default: ".tributary" },
        demo: { type: "boolean", default: true },
        twitch: { type: "string" },
        help: { type: "boolean", default: false },
      },
      allowNegative: true,
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Error(`--port must be a number from 1 to 65535, not ${values.port}`);
    }
    const twitch = values.twitch?.toLowerCase() ?? null;
    if (twitch !== null && !/^[a-z0-9_]{1,25}$/.test(twitch)) {
      throw new Error(`--twitch must be a login, such as twitchdev, not ${values.twitch}`);
    }
    if (twitch !== null && !values.demo) throw new Error("--twitch goes with the demo");
    return { port, data: resolve(values.data), demo: values.demo, twitch };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}
