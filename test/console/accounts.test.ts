import { describe, it } from "vitest";

import type { Connection } from "../../src/client/events.ts";
import type { Status } from "../../src/console/api/types.ts";
import { listAccounts } from "../../src/console/state/accounts.ts";

const makeConnections = (...identifiers: readonly string[]): readonly Connection[] =>
  identifiers.map((identifier) => ({ identifier }) as Connection);

const makeStatus = (...providers: readonly [id: string, protocol: string, of: string[]][]) =>
  ({
    providers: providers.map(([id, protocol, connections]) => ({ id, protocol, connections })),
  }) as unknown as Status;

const name = (found: readonly Connection[]) => found.map(({ identifier }) => identifier);

describe("the accounts of a source", () => {
  const one = { id: "p1", protocol: "astro" };
  const other = { id: "p2", protocol: "astro" };

  it("are those that the relay says are its own, also where two sources speak one protocol", ({
    expect,
  }) => {
    const status = makeStatus(["p1", "astro", ["astro:a"]], ["p2", "astro", ["astro:b"]]);
    const all = makeConnections("astro:a", "astro:b", "dlive:c");
    expect(name(listAccounts(one, status, all))).toEqual(["astro:a"]);
    expect(name(listAccounts(other, status, all))).toEqual(["astro:b"]);
  });

  it("have the newest with them before the relay was asked again, where there is one such source only", ({
    expect,
  }) => {
    const all = makeConnections("astro:new", "dlive:c");
    expect(name(listAccounts(one, makeStatus(["p1", "astro", []]), all))).toEqual(["astro:new"]);
    expect(name(listAccounts(one, null, all))).toEqual(["astro:new"]);
    const two = makeStatus(["p1", "astro", []], ["p2", "astro", []]);
    expect(listAccounts(one, two, all)).toEqual([]);
  });
});
