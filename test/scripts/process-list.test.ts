import { spawn } from "node:child_process";
import { once } from "node:events";

import { describe, it } from "vitest";

import { readPowerShell, readPs, readStat } from "../../scripts/local/process-list.ts";
import { childrenOf, isAlive, killNow, markOf } from "../../scripts/local/processes.ts";

describe("the list of processes", () => {
  it("has this process, by a mark that is the same each time, and its children", async ({
    expect,
  }) => {
    const mark = markOf(process.pid);
    expect(mark?.started).not.toBe("");
    expect(markOf(process.pid)).toEqual(mark);
    const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
    expect(childrenOf(process.pid).map(({ pid }) => pid)).toContain(child.pid);
    const [mine] = childrenOf(process.pid).filter(({ pid }) => pid === child.pid);
    if (mine === undefined) throw new Error("no mark");
    expect(isAlive(mine)).toBe(true);
    killNow(mine);
    await once(child, "exit");
    expect(isAlive(mine)).toBe(false);
  });

  it("is read from ps, without what has ended and waits to be noticed", ({ expect }) => {
    const text = [
      "      1       0 Ss   Sat Nov 28 14:02:10 2026 systemd",
      "   4711      12 Sl+  Sun Nov  1 04:02:10 2026 npm start --port",
      "   4712    4711 Z    Sun Nov  1 04:02:11 2026 node <defunct>",
      "",
    ].join("\n");
    expect(readPs(text)).toEqual([
      { pid: 1, parent: 0, started: "Sat Nov 28 14:02:10 2026", name: "systemd" },
      { pid: 4711, parent: 12, started: "Sun Nov 1 04:02:10 2026", name: "npm start --port" },
    ]);
  });

  it("is read from Linux's own files, whatever a process is called", ({ expect }) => {
    const rest = "4711 4711 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 7 0 987654 1 2 3";
    expect(readStat(`4712 (node) S 4711 ${rest}`)).toEqual({
      pid: 4712,
      parent: 4711,
      started: "987654",
      name: "node",
    });
    expect(readStat(`4713 (a (b) c) R 1 ${rest}`)?.name).toBe("a (b) c");
    expect(readStat(`4714 (node) Z 4711 ${rest}`)).toBeNull();
    expect(readStat("")).toBeNull();
  });

  it("is read from PowerShell, with names as they are elsewhere", ({ expect }) => {
    const text = [
      "0 0  System Idle Process",
      "4 0 639010101010000000 System",
      "4711 12 639010101021234567 workerd.exe",
      "",
    ].join("\r\n");
    expect(readPowerShell(text)).toEqual([
      { pid: 0, parent: 0, started: "", name: "System Idle Process" },
      { pid: 4, parent: 0, started: "639010101010000000", name: "System" },
      { pid: 4711, parent: 12, started: "639010101021234567", name: "workerd" },
    ]);
  });
});
