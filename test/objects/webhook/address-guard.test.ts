import { describe, it } from "vitest";

import { AddressGuard } from "../../../src/objects/webhook/address-guard.ts";

const NOW = 1_000_000;

/** A guard whose resolver knows these names, and how often it was asked. */
function guarded(names: Record<string, readonly string[] | null>): {
  guard: AddressGuard;
  asked: string[];
} {
  const asked: string[] = [];
  const guard = new AddressGuard(false, (name, kind) => {
    asked.push(`${name} ${kind}`);
    const known = names[name] ?? null;
    const isV6 = kind === "AAAA";
    return Promise.resolve(known?.filter((address) => address.includes(":") === isV6) ?? null);
  });
  return { guard, asked };
}

describe("an address", () => {
  it.for([
    ["http://hooks.example/x", "must be https:"],
    ["ftp://hooks.example/x", "must be https:"],
    ["https://localhost/x", "must be a public host"],
    ["https://127.0.0.1/x", "must be a public host"],
    ["https://0x7f.1/x", "must be a public host"],
    ["https://10.1.2.3/x", "must be a public host"],
    ["https://100.64.0.1/x", "must be a public host"],
    ["https://169.254.169.254/latest/meta-data", "must be a public host"],
    ["https://168.63.129.16/x", "must be a public host"],
    ["https://[::1]/x", "must be a public host"],
    ["https://[::ffff:10.0.0.1]/x", "must be a public host"],
    ["https://[fd00:ec2::254]/x", "must be a public host"],
    ["https://metadata.google.internal/x", "must be a public host"],
    ["https://localhost./x", "must be a public host"],
    ["https://user:pass@hooks.example/x", "must not hold a name or a password"],
    ["hooks.example", "is no address"],
  ] as const)("%s %s", async ([address, problem], { expect }) => {
    const { guard, asked } = guarded({});
    expect(guard.problemWith(address)).toBe(problem);
    expect(await guard.check(address, NOW)).toBe(problem);
    expect(asked).toEqual([]);
  });

  it("is refused where its name resolves to a private one, by either kind", async ({ expect }) => {
    const { guard } = guarded({
      "rebound.example": ["203.0.114.1", "127.0.0.1"],
      "six.example": ["2606:4700::1", "fe80::1"],
      "odd.example": ["not an address"],
      "well.example": ["203.0.114.1", "2606:4700::1"],
    });
    const check = (host: string) => guard.check(`https://${host}/x`, NOW);
    expect(await check("rebound.example")).toBe("resolves to a private address");
    expect(await check("six.example")).toBe("resolves to a private address");
    expect(await check("odd.example")).toBe("resolves to a private address");
    expect(await check("well.example")).toBeNull();
  });

  it("is looked up again after a minute, and what has changed by then is seen", async ({
    expect,
  }) => {
    const names: Record<string, readonly string[]> = { "hooks.example": ["203.0.114.1"] };
    const { guard, asked } = guarded(names);
    expect(await guard.check("https://hooks.example/x", NOW)).toBeNull();
    names["hooks.example"] = ["192.168.0.1"];
    expect(await guard.check("https://hooks.example/x", NOW + 59_000)).toBeNull();
    expect(asked).toHaveLength(2);
    expect(await guard.check("https://hooks.example/x", NOW + 61_000)).not.toBeNull();
  });

  it("is not refused because nobody could be asked", async ({ expect }) => {
    const { guard } = guarded({});
    expect(await guard.check("https://unknown.example/x", NOW)).toBeNull();
  });

  it("may be private and plain where the setting allows it", async ({ expect }) => {
    const guard = new AddressGuard(true, () => Promise.resolve(["127.0.0.1"]));
    expect(await guard.check("http://127.0.0.1:9000/x", NOW)).toBeNull();
    expect(guard.problemWith("ftp://127.0.0.1/x")).toBe("must be http: or https:");
  });
});
