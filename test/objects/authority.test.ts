import { afterEach, describe, it, vi } from "vitest";

import type { Ground, Principal } from "../../src/event/principal.ts";
import { Authority } from "../../src/objects/authority.ts";

const NOW = 1_795_223_820_000;
const GROUND: Ground = { id: "demo", number: 1, public: false };

const PRINCIPAL: Principal = {
  kind: "token",
  credentialId: "c-1",
  maker: "k-1",
  scopes: ["events:read"],
  channels: [{ id: "demo", number: 1 }],
  expiresAt: NOW + 60_000,
};

/** An authority that has just let the principal read, and the world that it decided by. */
function decided({ expect }: { expect: (value: unknown) => { toBe(value: unknown): void } }) {
  vi.spyOn(Date, "now").mockReturnValue(NOW);
  const revoked = new Set<string>();
  const world = { ground: GROUND as Ground | null, revision: 0 };
  const authority = new Authority(
    {
      has: (id) => revoked.has(id),
      get revision() {
        return world.revision;
      },
    },
    () => world.ground,
  );
  expect(authority.may(PRINCIPAL, "events:read")).toBe(true);
  const revoke = (id: string): void => {
    revoked.add(id);
    world.revision += 1;
  };
  return { authority, world, revoke };
}

describe("what was decided about somebody", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("holds while nothing changes", ({ expect }) => {
    const { authority } = decided({ expect });
    expect(authority.may(PRINCIPAL, "events:read")).toBe(true);
    expect(authority.may(PRINCIPAL, "chat:write")).toBe(false);
  });

  it("ends in the millisecond in which the credential runs out", ({ expect }) => {
    const { authority } = decided({ expect });
    vi.spyOn(Date, "now").mockReturnValue(NOW + 59_999);
    expect(authority.may(PRINCIPAL, "events:read")).toBe(true);
    vi.spyOn(Date, "now").mockReturnValue(NOW + 60_000);
    expect(authority.may(PRINCIPAL, "events:read")).toBe(false);
    expect(authority.denial(PRINCIPAL, "events:read")).toMatchObject({ code: "unauthorized" });
  });

  it.for(["c-1", "k-1"])(
    "ends with the revocation of the credential or its maker: %s",
    (id, { expect }) => {
      const { authority, revoke } = decided({ expect });
      revoke("c-2");
      expect(authority.may(PRINCIPAL, "events:read")).toBe(true);
      revoke(id);
      expect(authority.may(PRINCIPAL, "events:read")).toBe(false);
    },
  );

  it.for([
    ["another channel of the name", { ...GROUND, number: 2 }],
    ["no channel", null],
  ] as const)("ends where the name is %s", ([, ground], { expect }) => {
    const { authority, world } = decided({ expect });
    world.ground = ground;
    expect(authority.may(PRINCIPAL, "events:read")).toBe(false);
  });

  it("ends for somebody who was let in as everybody is, when the channel is closed", ({
    expect,
  }) => {
    const { authority, world } = decided({ expect });
    const stranger: Principal = { ...PRINCIPAL, channels: [{ id: "other", number: 9 }] };
    world.ground = { ...GROUND, public: true };
    expect(authority.may(stranger, "events:read")).toBe(true);
    expect(authority.mayBySelf(stranger, "events:read")).toBe(false);
    world.ground = GROUND;
    expect(authority.may(stranger, "events:read")).toBe(false);
  });
});
