import { describe, it } from "vitest";

import { emulations, startEmulator } from "../emulators/index.ts";
import { Chance } from "../emulators/kit/chance.ts";
import { followDlive, followRestream } from "./support/follow.ts";

const names = ["demo", "quiet", "burst", "faults", "silence", "silence-with-heartbeats", "repeats"];

/** The scripts as plain data: what they would do, without doing it. */
const all = Object.values(emulations).flatMap(({ protocol, scripts, actions }) =>
  Object.entries(scripts).map(([name, script]) => ({ protocol, name, script, actions })),
);

function firstSteps<Step>(steps: Iterable<Step>, most: number): Step[] {
  const first: Step[] = [];
  for (const step of steps) {
    first.push(step);
    if (first.length === most) {
      break;
    }
  }
  return first;
}

describe.for(Object.values(emulations))("the scripts of $protocol", ({ scripts }) => {
  it("have the names that every protocol has", ({ expect }) => {
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names));
  });
});

describe.for(all)("$name of $protocol", ({ script, actions }) => {
  it("does only what can be done", ({ expect }) => {
    const steps = firstSteps<{ do?: unknown }>(script.steps(new Chance(1)), 2_000);
    const unreadable = steps
      .filter((step) => step.do !== undefined)
      .filter((step) => !actions.safeParse(step.do).success);
    expect(unreadable).toEqual([]);
  });

  it("does the same for the same seed", ({ expect }) => {
    const [one, other] = [new Chance(5), new Chance(5)];
    expect(firstSteps(script.steps(one), 500)).toEqual(firstSteps(script.steps(other), 500));
  });
});

describe.for(Object.values(emulations))("the demo of $protocol", ({ protocol, scripts }) => {
  it("never ends, at one to three steps a second, and shows all it has", ({ expect }) => {
    const steps = firstSteps<{ afterMs?: number; do?: object }>(
      scripts["demo"]?.steps(new Chance(3)) ?? [],
      4_000,
    );
    expect(steps).toHaveLength(4_000);
    const spoken = steps.filter((step) => step.do !== undefined);
    const seconds = spoken.reduce((total, { afterMs = 0 }) => total + afterMs, 0) / 1_000;
    expect(spoken.length / seconds).toBeGreaterThan(1);
    expect(spoken.length / seconds).toBeLessThan(3);

    const kinds = new Set(
      spoken.map((step) => {
        const { action, type, eventTypeId } = { ...step.do } as Record<string, string | number>;
        return `${action} ${type ?? eventTypeId ?? ""}`.trimEnd();
      }),
    );
    expect([...kinds]).toEqual(expect.arrayContaining(shows[protocol] ?? ["nothing"]));
  });
});

const shows: Record<string, string[]> = {
  "twitch-irc": ["message", "notice", "bomb", "delete", "clear", "roomState"],
  "twitch-eventsub": [
    "message",
    "notice",
    "bomb",
    ...["follow", "bits.use", "raid", "chat.message_delete"].map((type) => `event channel.${type}`),
  ],
  astro: [
    ...["follow", "subscriber", "cheer", "raid", "superchat", "tip", "hypetrainEnd"].map(
      (type) => `activity ${type}`,
    ),
    "chat",
    "tip",
    "item",
  ],
  multistreamer: ["chat", "chat emote", "viewcount", "account", "removeAccount"],
  "interactive-sync": ["input", "mouse mousedown", "mouse mouseup"],
  dlive: [
    ...[
      "Live",
      "Message",
      "Gift",
      "Follow",
      "Subscription",
      "Host",
      "Delete",
      "Ban",
      "Timeout",
    ].map((type) => `item ${type}`),
    "chest ValueUpdated",
    "chest GiveawayStarted",
    "chest GiveawayEnded",
  ],
  restream: [
    ...[4, 5, 7, 25, 26, 28].map((eventTypeId) => `event ${eventTypeId}`),
    "replace",
    "replyCreated",
    "replyAccepted",
    "replyConfirmed",
    "replyFailed",
  ],
};

it("begins the script it was started with, and says what it says", async ({
  expect,
  onTestFinished,
}) => {
  const restream = await startEmulator("restream", { script: "demo", seed: 11 });
  onTestFinished(() => restream.close());
  await restream.waitFor("connections==3");
  const client = await followRestream(restream);
  expect((await client.take(1))[0]).toMatch(/^\{"action":"(event|reply_created|connection_info)"/);
  expect(restream.truth().seed).toBe(11);
});

it("says things more than once in repeats, and ends", async ({ expect, onTestFinished }) => {
  const dlive = await startEmulator("dlive", { script: "repeats" });
  onTestFinished(() => dlive.close());
  const client = await followDlive(dlive);
  await client.take(20);
  const { saidCount, repeats } = await dlive.waitFor("idle", 10_000);
  expect(saidCount).toBe(20);
  expect(repeats).toBe(41);
});

it("stops a script at once, its burst included", async ({ expect, onTestFinished }) => {
  const dlive = await startEmulator("dlive", { script: "burst" });
  onTestFinished(() => dlive.close());
  await followDlive(dlive);
  await dlive.waitFor("said>=100");
  await dlive.do({ action: "stopScript" });
  const { saidCount } = await dlive.waitFor("idle", 1_000);
  expect(saidCount).toBeLessThan(50_000);
});

it("refuses to start with a script that there is not", async ({ expect }) => {
  await expect(startEmulator("dlive", { script: "opera" })).rejects.toThrow("there are demo");
});
