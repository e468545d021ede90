import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, it } from "vitest";

import { call, startRelay, type StartedRelay } from "./support/relay.ts";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
const USE_IT = README.slice(README.indexOf("## Use it"), README.indexOf("## Protocols"));

/** The commands of a part of the page, in their order: in blocks, and in the text. */
function listCommands(part: string): string[] {
  const joined = part.replaceAll(/\\\n\s*/g, "");
  return [...joined.matchAll(/^curl .*$|`(curl [^`]*)`/gm)].map(
    ([whole, inText]) => inText ?? whole,
  );
}

let relay: StartedRelay;
beforeAll(async () => {
  relay = await startRelay();
});
afterAll(() => relay.kill());

interface Said {
  readonly key?: string;
  readonly ticket?: string;
  readonly secret?: string;
}

/** Carries a command out as it stands there, but that nothing leaves this machine. */
async function run(command: string, read: string): Promise<string> {
  const isLive = command.includes("/stream");
  const stays = command
    .replace('"credentials"', '"url":"ws://127.0.0.1:9/","credentials"')
    .replace("https://example.com/hook", "http://127.0.0.1:9/hook")
    .replace(
      /^curl/,
      isLive ? "curl -sS --fail-with-body --max-time 2" : "curl -sS --fail-with-body",
    );
  const env = { ...process.env, KEY: relay.key, API: `${relay.url}/v1`, READ: read };
  const ran = promisify(execFile)("sh", ["-c", stays], { env });
  // A stream has no end: it is broken off, and has begun by then.
  const said = await ran.catch((error: { code?: number; stdout: string }) => {
    if (isLive && error.code === 28) return error;
    throw error;
  });
  return said.stdout;
}

describe("the README", () => {
  it("has commands that do what it says, from a channel to a ticket and a webhook", async ({
    expect,
  }) => {
    const commands = listCommands(USE_IT);
    expect(commands).toHaveLength(7);
    const said: string[] = [];
    let read = "";
    for (const command of commands) {
      const answer = await run(command, read);
      said.push(answer);
      if (command.includes("$API/keys")) read = (JSON.parse(answer) as Said).key ?? "";
    }
    expect(read).toMatch(/^trb_/);
    expect(said[3]).toMatch(/^retry: /);
    expect(JSON.parse(said[4] ?? "")).toHaveProperty("events");
    expect((JSON.parse(said[5] ?? "") as Said).ticket).toBeTruthy();
    expect((JSON.parse(said[6] ?? "") as Said).secret).toMatch(/^whsec_/);
  });

  it("has a page's lines that show what is said", async ({ expect, onTestFinished }) => {
    const [, code = ""] = /```js\n([\s\S]*?)```/.exec(USE_IT) ?? [];
    const ticket = listCommands(USE_IT).find((each) => each.includes("/tickets")) ?? "";
    const { ticket: made } = JSON.parse(await run(ticket, relay.key)) as Said;
    const here = code.replace("ws://127.0.0.1:8787", relay.socketUrl);
    const page = spawn(process.execPath, [
      "--input-type=module",
      "--eval",
      `const ticket = ${JSON.stringify(made)};\n${here}\nsocket.onopen = () => console.log("open");`,
    ]);
    onTestFinished(() => void page.kill("SIGKILL"));
    const lines = createInterface({ input: page.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("open");
    const user = { key: "api:u", id: "u", name: "Moss", roles: [], badges: [], anonymous: false };
    await call(relay, "POST", "/channels/mine/events", { type: "channel.follow", data: { user } });
    expect((await lines.next()).value).toMatch(/^channel\.follow /);
  });
});
