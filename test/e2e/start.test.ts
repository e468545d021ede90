import { spawnSync } from "node:child_process";

import { afterEach, describe, it } from "vitest";

import {
  freePort,
  newDirectory,
  startAndFail,
  startRelay,
  type StartedRelay,
} from "./support/relay.ts";

const running: StartedRelay[] = [];

async function start(options: Parameters<typeof startRelay>[0] = {}): Promise<StartedRelay> {
  const relay = await startRelay(options);
  running.push(relay);
  return relay;
}

afterEach(async () => {
  for (const relay of running.splice(0)) await relay.kill().catch(() => {});
});

/** The processes of a group, but for those that have ended and wait to be noticed. */
function processesOf(relay: StartedRelay): string[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pgid=,pid=,stat=,comm="], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([group, , state]) => group === String(relay.process.pid) && !state?.startsWith("Z"))
    .map(([, pid, , command]) => `${pid} ${command}`);
}

const answers = async ({ url }: StartedRelay): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

// Windows has no signals and no groups of processes to tell of.
describe.skipIf(process.platform === "win32")("npm start", () => {
  it("ends every process it started when it is asked to, within five seconds", async ({
    expect,
  }) => {
    const relay = await start();
    expect(await answers(relay)).toBe(true);
    expect(relay.output().trimEnd().endsWith(`Tributary is ready at ${relay.url}`)).toBe(true);
    const asked = performance.now();
    await relay.stop();
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(processesOf(relay)).toEqual([]);
    expect(await answers(relay)).toBe(false);
  });

  it("is refused on a directory or a port that is taken, in a clear line", async ({ expect }) => {
    const relay = await start();
    const second = await startAndFail({ data: relay.data, port: await freePort() });
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/A relay is already running on .* \(process \d+\)/);
    const port = Number(new URL(relay.url).port);
    const third = await startAndFail({ data: newDirectory(), port });
    expect(third.code).toBe(1);
    expect(third.output).toContain(`Port ${port} is in use`);
    expect(await answers(relay)).toBe(true);
  });

  it("starts again where it was after kill -9 of its group", async ({ expect }) => {
    const relay = await start();
    await relay.kill();
    const again = await start({ data: relay.data, port: Number(new URL(relay.url).port) });
    expect(await answers(again)).toBe(true);
  });

  it("leaves nothing that holds the port when only its own process is killed", async ({
    expect,
  }) => {
    const relay = await start();
    const own = processesOf(relay).filter((line) => /MainThread|node/.test(line));
    expect(own).toHaveLength(1);
    process.kill(Number.parseInt(own[0] ?? "", 10), "SIGKILL");
    await relay.exited;
    const again = await start({ data: relay.data, port: Number(new URL(relay.url).port) });
    expect(await answers(again)).toBe(true);
  });

  it("says what it does not understand", async ({ expect }) => {
    const { code, output } = await startAndFail({ port: 99_999 });
    expect(code).toBe(2);
    expect(output).toContain("--port must be a number from 1 to 65535");
  });
});
