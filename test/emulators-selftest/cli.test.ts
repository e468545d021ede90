import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import { it } from "vitest";
import { WebSocket } from "ws";

const cli = new URL("../emulators/cli.ts", import.meta.url).pathname;

function run(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [cli, ...args]);
}

it.for(["SIGINT", "SIGTERM"] as const)(
  "says one line where to dial, and ends on %s",
  async (signal, { expect, onTestFinished }) => {
    const child = run("restream", "--script", "quiet");
    onTestFinished(() => void child.kill("SIGKILL"));
    const output = text(child.stdout);
    const complaints = text(child.stderr);
    const ended = once(child, "exit");
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    const [, url = ""] =
      /^Emulating restream at (ws:\/\/127\.0\.0\.1:\d+\/ws)\n$/.exec(String(first)) ?? [];
    const socket = new WebSocket(`${url}?accessToken=t`);
    await once(socket, "open");

    child.kill(signal);

    expect(await ended).toEqual([0, null]);
    expect(await output).toBe(String(first));
    expect(await complaints).toBe("");
  },
);

it.for([
  [["astrology"], 'There is no protocol "astrology": there are dlive, restream'],
  [[], "Which protocol: there are dlive, restream"],
  [["dlive", "--script", "opera"], 'There is no script "opera" for dlive: there are demo'],
  [["dlive", "--port", "many"], "--port takes a whole number"],
  [["dlive", "--loud"], "--loud"],
] as const)("refuses %j in one line, with exit code 2", async ([args, reason], { expect }) => {
  const child = run(...args);
  const ended = once(child, "exit");
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);

  expect(await ended).toEqual([2, null]);
  expect(output).toBe("");
  expect(complaints).toContain(reason);
  expect(complaints.trimEnd().split("\n")).toHaveLength(1);
});

it("lists the protocols and their scripts", async ({ expect }) => {
  const child = run("--list");
  const output = await text(child.stdout);
  for (const word of ["dlive", "restream", "demo", "silence-with-heartbeats"]) {
    expect(output).toContain(word);
  }
});
