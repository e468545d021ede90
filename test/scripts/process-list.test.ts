import { describe, it } from "vitest";

import { readPowerShell, readPs } from "../../scripts/local/process-list.ts";

describe("the list of processes", () => {
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
