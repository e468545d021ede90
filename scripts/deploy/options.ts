import { parseArgs } from "node:util";

import { formatOption, type KeyChange } from "./key-change.ts";

export interface Options {
  /** The environment of wrangler.toml, where it is not the first. */
  readonly env: string | undefined;
  /** The relay's address, if it is not the one that wrangler says. */
  readonly url: string | undefined;
  readonly waitSeconds: number;
  readonly keyChange: KeyChange | undefined;
}

const USAGE = `npm run deploy -- [--env NAME] [--url https://…] [--wait SECONDS]
                  [--rotate-master-key | --rotate-admin-key |
                   --drop-previous-master-key | --drop-previous-admin-key]`;

const KEY_CHANGES: readonly KeyChange[] = (["rotate", "drop"] as const).flatMap((kind) => [
  { kind, name: "TRIBUTARY_MASTER_KEY" },
  { kind, name: "TRIBUTARY_ADMIN_KEY" },
]);

// A new address on workers.dev takes a minute or two.
const WAIT_SECONDS = "180";

/** The command line's options. What cannot be read ends the process, with a line that says why. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: "string", short: "e" },
        url: { type: "string" },
        wait: { type: "string", default: WAIT_SECONDS },
        help: { type: "boolean", default: false },
        "rotate-master-key": { type: "boolean", default: false },
        "rotate-admin-key": { type: "boolean", default: false },
        "drop-previous-master-key": { type: "boolean", default: false },
        "drop-previous-admin-key": { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const waitSeconds = Number(values.wait);
    if (!Number.isFinite(waitSeconds) || waitSeconds < 0) {
      throw new Error(`--wait must be a number of seconds, not ${values.wait}`);
    }
    if (values.url !== undefined && !/^https?:\/\/[^/]+\/?$/.test(values.url)) {
      throw new Error(`--url must be an address without a path, not ${values.url}`);
    }
    const given: Readonly<Record<string, unknown>> = values;
    const asked = KEY_CHANGES.filter(
      (keyChange) => given[formatOption(keyChange).slice(2)] === true,
    );
    if (asked.length > 1) throw new Error("one key is changed at a time");
    return {
      env: values.env,
      url: values.url?.replace(/\/$/, ""),
      waitSeconds,
      keyChange: asked[0],
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}
