import * as fc from "fast-check";
import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/restream/index.ts";
import { drive, draftsOf, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import closings from "../frames/closings.json";
import connections from "../frames/connections.json";
import events from "../frames/events.json";
import other from "../frames/other.json";
import { changed, samples } from "../samples.ts";

const names = ["1-twitch-1", "1-youtube-2", "1-kick-3", "__proto__"] as const;
const reasons = Object.keys(closings) as (keyof typeof closings)[];

type SaidPayload =
  | { readonly type: "info"; readonly name: string; readonly uuid: string }
  | { readonly type: "closed"; readonly uuid: string; readonly reason: keyof typeof closings }
  | { readonly type: "event"; readonly name: string }
  | { readonly type: "heartbeat" };

const name = fc.constantFrom(...names);
// Each connection has three uuids of its own: enough to be replaced, and to come back.
const dial = fc.record({ name, turn: fc.nat({ max: 2 }) }).map(({ name, turn }) => ({
  name,
  uuid: `${turn} of ${name}`,
}));

const said: fc.Arbitrary<SaidPayload> = fc.oneof(
  dial.map((each) => ({ type: "info" as const, ...each })),
  fc
    .record({ dial, reason: fc.constantFrom(...reasons) })
    .map(({ dial, reason }) => ({ type: "closed" as const, uuid: dial.uuid, reason })),
  name.map((each) => ({ type: "event" as const, name: each })),
  fc.constant({ type: "heartbeat" as const }),
);

function frameOf(each: SaidPayload): object {
  switch (each.type) {
    case "info":
      return changed(connections.twitch, {
        connectionIdentifier: each.name,
        connectionUuid: each.uuid,
      });
    case "closed":
      return changed(closings[each.reason], { connectionUuid: each.uuid });
    case "event":
      return changed(events["4"], { connectionIdentifier: each.name });
    case "heartbeat":
      return other.heartbeat;
  }
}

/** Restream's own rules, said anew: newest wins, and only the stored uuid closes. */
class Model {
  readonly held = new Map<string, string>();
  readonly awaited = new Set<string>();

  hear(each: SaidPayload): void {
    if (each.type === "info") {
      this.held.set(each.name, each.uuid);
      this.awaited.delete(each.name);
    }
    if (each.type !== "closed") return;
    const [name] = [...this.held].find(([, uuid]) => uuid === each.uuid) ?? [];
    if (name === undefined) return;
    this.held.delete(name);
    if (each.reason !== "removed" && each.reason !== "expired") this.awaited.add(name);
  }
}

describe("in whatever order connections come and go", () => {
  it("every frame is told of once, and none of them ends the session", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 40 }), (all) => {
        const session = drive(provider.open(linkTo(samples)));
        session.opened();
        for (const each of all) {
          const effects = session.receives(frameOf(each));
          const told = {
            drafts: draftsOf(effects).length,
            connections: only(effects, "connection-observe").length,
            drops: only(effects, "connection-drop").length,
          };
          expect(told).toEqual({
            drafts: each.type === "event" ? 1 : 0,
            connections: each.type === "info" ? 1 : 0,
            drops: each.type === "closed" ? 1 : 0,
          });
          expect(typesOf(effects)).not.toContain("frame-reject");
          expect(typesOf(effects)).not.toContain("session-fail");
          const silence = only(effects, "timer-set").filter(({ timer }) => timer === "silence");
          expect(silence).toHaveLength(1);
        }
      }),
    );
  });

  it("the socket is replaced for just those that were promised a successor and got none", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 40 }), (all) => {
        const session = drive(provider.open(linkTo(samples)));
        const model = new Model();
        session.opened();
        const timers = new Set<string>();
        for (const each of all) {
          model.hear(each);
          for (const effect of only(session.receives(frameOf(each)), "timer-set")) {
            timers.add(effect.timer);
          }
        }
        for (const name of names) {
          const timer = `successor:${name}`;
          const isDead = model.awaited.has(name);
          expect(typesOf(session.fires(timer))).toEqual(isDead ? ["session-replace"] : []);
          if (isDead) expect(timers).toContain(timer);
        }
      }),
      { numRuns: 500 },
    );
  });
});
