/*
 * The measurements, one after the other, each with what it is measured against in the same run.
 * `npm run bench -- fan-out ingest` runs some of them.
 */
import { connecting, RETURNING } from "./connecting.ts";
import { bills, formatBills, formatEvents } from "./cost.ts";
import { bursts, reloadedBurst } from "./faces/bursts.ts";
import { busyMinutes, SOURCES } from "./faces/busy.ts";
import { busyConsole } from "./faces/console.ts";
import { hiddenPages } from "./faces/hidden.ts";
import { useConsole } from "./faces/interactions.ts";
import { busyOverlay, deletedLines, weighOverlay } from "./faces/overlays.ts";
import { fanOut } from "./fan-out.ts";
import { historyBlocks, READINGS } from "./history-blocks.ts";
import { historyPages, PAGE_KINDS } from "./history-page.ts";
import { crowdedChannel, manyChannels, type Hubbed } from "./hubs.ts";
import { idleSockets } from "./idle-sockets.ts";
import { ingest } from "./ingest.ts";
import { saturation } from "./saturation.ts";
import { KINDS, strangers } from "./strangers.ts";
import { webhookNeighbours } from "./webhook-neighbours.ts";
import { webhookRates } from "./webhook-rate.ts";

const measurements: Record<string, () => Promise<void>> = {
  async "fan-out"() {
    for (const [sockets, perSecond, most] of [
      [1_000, 100, 0.5],
      [100, 1_000, 0.25],
    ] as const) {
      const { relay, bare } = await fanOut({ sockets, perSecond, seconds: 10 });
      const isWhole = relay.breaks + relay.gaps + relay.closed === 0;
      say(`${sockets} sockets, ${perSecond} events/s: nothing lost or repeated`, isWhole, true);
      say("  processor time an event, microseconds, relay", relay.cpuMicros);
      say("  processor time an event, microseconds, bare loop", bare.cpuMicros);
      say("  ratio", relay.cpuMicros / bare.cpuMicros, `at most ${most}`);
      say("  delay, median, ms", relay.p50);
      say("  delay, 99th percentile, ms", relay.p99, perSecond === 100 ? "under 60" : undefined);
      say("  memory of the runtime, MiB", relay.memory);
    }
  },
  async saturation() {
    const { relay, bare } = await saturation();
    say("saturation, 1,000 sockets: events/s, relay", relay.perSecond);
    say("  events/s, bare loop", bare.perSecond);
    say("  ratio", relay.perSecond / bare.perSecond, "above 10");
    say("  events a frame", relay.perFrame);
    say("  frames that told of something shed", relay.gaps);
  },
  async ingest() {
    const { said, kept, distinct, rowsPerEvent, cpuMicros, lagMs } = await ingest(5_000, 10);
    say("ingest, 5,000 events/s for 10 s: kept", kept, said);
    say("  distinct", distinct, said);
    say("  rows written an event, journal and history", rowsPerEvent, "at most 2.1");
    say("  processor time an event, microseconds", cpuMicros);
    say("  history was behind by at most, ms", lagMs, "under 1000");
    const away = await ingest(5_000, 10, 60_000);
    say("ingest, the database away for a minute: kept", away.kept, away.said);
    say("  distinct", away.distinct, away.said);
    say("  seconds from the first event until history has all", away.seconds);
  },
  async "idle-sockets"() {
    const { relay, bare } = await idleSockets();
    say("idle sockets: KiB a socket, relay", relay);
    say("  KiB a socket, bare object", bare);
    say("  ratio", relay / bare, "at most 1.2");
  },
  async connecting() {
    const { bare, ...relay } = await connecting();
    say("connecting, 1,000 sockets: a second, bare object", bare.perSecond);
    say("  processor time a socket, microseconds, bare object", bare.cpuMicros);
    for (const who of RETURNING) {
      say(`  with ${who}: a second, relay`, relay[who].perSecond);
      say("  processor time a socket, microseconds", relay[who].cpuMicros);
      say("  ratio of the rates", relay[who].ratio, "at least 0.6");
    }
  },
  async cost() {
    const all = await bills();
    console.log(`${formatBills(all)}\n\n${formatEvents(all)}`);
  },
  async hubs() {
    const many = await manyChannels();
    sayOf("2,000 sockets over 20 channels, in the channels' objects", many.own);
    sayOf("2,000 sockets over 20 channels, in hubs", many.all);
    say("  processor time, against the channels' objects", many.all.cpuMicros / many.own.cpuMicros);
    const { own, some, all } = await crowdedChannel();
    sayOf("5,000 sockets on a channel, in its object", own);
    sayOf("5,000 sockets on a channel, 2,000 in its object and the others in hubs", some);
    say("  processor time, against the channel's object", some.cpuMicros / own.cpuMicros);
    sayOf("5,000 sockets on a channel, in a hub", all);
    say("  processor time, against the channel's object", all.cpuMicros / own.cpuMicros);
  },
  async "history-blocks"() {
    for (const count of [10_000, 100_000]) {
      const figures = await historyBlocks(count);
      say(
        `history in blocks, ${count} events: bytes an event`,
        figures.bytesAnEvent,
        "at most 400",
      );
      say("  bytes an event, a row each", figures.bytesARow);
      say("  to pack an event, microseconds", figures.packMicros);
      for (const reading of READINGS) {
        const { blocks, rows } = figures.times[reading];
        say(`  ${NAMES_OF_READINGS[reading]}, ms`, blocks);
        say("  of a row each, ms", rows);
        say("  ratio", blocks / rows, reading === "nextPage" ? undefined : "at most 1.5");
      }
      say("  exported a second", figures.exportedPerSecond, "at least 30000");
    }
  },
  async "history-page"() {
    const { small, large } = await historyPages();
    for (const kind of PAGE_KINDS) {
      say(`history, a page of 100 (${kind}): ms, of ${small.events}`, small.pages[kind]);
      say(`  ms, of ${large.events}`, large.pages[kind]);
      say("  ratio", large.pages[kind] / small.pages[kind], "at most 1.5");
    }
    for (const figures of [small, large]) {
      const { events, exportedPerSecond, exportMicros, erased, erasingSeconds } = figures;
      say(`history, ${events} events: exported a second`, exportedPerSecond, "at least 30000");
      say("  processor time an event, microseconds", exportMicros);
      say(`  seconds to erase a user's ${erased} messages`, erasingSeconds);
    }
  },
  async strangers() {
    const { nobody, beside } = await strangers();
    say("beside nobody: an event to who listens, median, ms", nobody.event);
    say("  a newcomer's first event, median, ms", nobody.newcomer);
    for (const kind of KINDS) {
      const { event, newcomer, isWhole, opened, refused } = beside[kind];
      say(`beside strangers, ${kind}: nothing lost or repeated`, isWhole, true);
      say("  an event to who listens, against nobody", event, "at most 1.2");
      say("  a newcomer's first event, against nobody", newcomer, "at most 1.2");
      say("  sockets they opened", opened);
      say("  refused", refused);
    }
  },
  async "webhook-neighbours"() {
    const { without, beside } = await webhookNeighbours();
    say("webhooks, 50 endpoints, 100 events/s: delay, median, ms", without.median);
    say("  99th percentile, ms", without.p99);
    say("  beside a dead endpoint: delay, median, ms", beside.median);
    say("  99th percentile, ms", beside.p99);
    say("  ratio of the medians", beside.median / without.median, "at most 1.2");
    say("  events delivered", beside.events, without.events);
  },
  async "webhook-rate"() {
    const { relay, ordered, bare, bareFive } = await webhookRates();
    say("webhooks, one endpoint from a full queue: deliveries/s", relay);
    say("  requests/s, bare loop", bare);
    say("  ratio", relay / bare, "at least 0.7");
    say("  requests/s, bare loop with five at once", bareFive);
    say("  ratio to that", relay / bareFive);
    say("  deliveries/s in order", ordered);
    say("  ratio of that to the bare loop", ordered / bare);
  },
  async console() {
    const { busy, longest, longTasks, seen, posted } = await busyConsole(200, 20);
    say("console, 200 events/s for 20 s: its thread is busy", busy, "at most 0.25");
    say("  longest task, ms", longest, "at most 50");
    say("  tasks above 50 ms", longTasks, "0");
    say("  events in its log, to the last", seen, posted);
  },
  async interactions() {
    const { count, p75, inp, longest, slowest } = await useConsole();
    say("console in use, interactions", count);
    say("  interaction to next paint, ms", inp, "at most 100");
    say("  three in four within, ms", p75);
    say("  longest task by processor time, ms", longest[0] ?? 0, "at most 50");
    for (const each of slowest) console.log(`  ${each}`);
  },
  async overlays() {
    for (const [kind, most] of [
      ["chat", 12_288],
      ["alerts", 16_384],
    ] as const) {
      const { bytes, requests } = weighOverlay(kind);
      say(`overlays, ${kind}: bytes of gzip, all files`, bytes, `at most ${most}`);
      say("  requests", requests, 3);
    }
    const busy = await busyOverlay();
    say("chat at 50 messages/s: seconds of processor time a minute", busy.taskSeconds);
    say("  of them script", busy.scriptSeconds);
    say("  of them layout and style", busy.layoutSeconds);
    say("  KiB of heap after 10,000 messages", busy.heapEarly);
    say("  after 100,000, against that", busy.heapLate / busy.heapEarly, "at most 1.05");
    say("  nodes, against those after 10,000", busy.nodesLate / busy.nodesEarly, "at most 1.05");
    const { p50, p99, shown50, shown99 } = await deletedLines();
    say("a deleted line is gone: median, ms after it was written down", p50);
    say("  99th percentile, ms", p99, "at most 75");
    say("a line is seen: median, ms after it was written down", shown50, "at most 25");
    say("  99th percentile, ms", shown99, "at most 75");
  },
  async "overlays-busy"() {
    for (const [where, minutes, source] of [
      ["500 × 800", 10, SOURCES.usual],
      ["100 rows seen", 3, SOURCES.tall],
    ] as const) {
      const { without, withEmotes } = await busyMinutes(minutes, source);
      for (const [name, spent] of [
        ["without other emotes", without],
        ["with 1,500 of them", withEmotes],
      ] as const) {
        say(`chat at 50 messages/s, ${where}, ${name}: renderer, seconds a minute`, spent.renderer);
        say("  with what draws", spent.all);
        say("  script, ms a message", spent.script / 3, "at most 0.25");
        say("  heap, against the beginning", spent.heapLate / spent.heapEarly, "at most 1.05");
        say("  rows", spent.rows);
      }
    }
  },
  async "overlays-bursts"() {
    const reloaded = await reloadedBurst();
    say(
      `alerts, a burst of ${reloaded.given}, loaded anew ${reloaded.reloads} times: lost`,
      reloaded.lost,
      0,
    );
    say("  twice", reloaded.twice, 0);
    const { given, lost, twice, heaps, nodes, follows } = await bursts();
    say(`alerts, three bursts of 1,000, of them ${given} tips in all: lost`, lost, 0);
    say("  twice", twice, 0);
    say("  follows that were seen", follows);
    say(
      "  heap after the last, against the first",
      (heaps.at(-1) ?? 0) / (heaps[0] ?? 1),
      "at most 1.05",
    );
    say(
      "  nodes after the last, against the first",
      (nodes.at(-1) ?? 0) / (nodes[0] ?? 1),
      "at most 1.05",
    );
  },
  async "overlays-hidden"() {
    const hidden = await hiddenPages();
    say(
      `chat, not seen for three minutes, ${hidden.messages} messages: KiB of heap`,
      hidden.heapAfter,
    );
    say("  against before", hidden.heapAfter / hidden.heapBefore, "at most 1.05");
    say("  seen again: ms until the newest line is on screen", hidden.shownMs, "at most 300");
    say("  deleted lines on screen", hidden.deletedSeen, 0);
    say("  in order, without a hole", hidden.isInOrder, true);
    say(
      `alerts, ${hidden.alerts.given} tips meanwhile: played while nobody saw them`,
      hidden.alerts.playedWhileHidden,
      0,
    );
    say("  lost", hidden.alerts.lost, 0);
    say("  twice", hidden.alerts.twice, 0);
  },
};

const NAMES_OF_READINGS = {
  page: "a page of 100 from anywhere",
  nextPage: "a page of 100 after the one before",
  rare: "a page of a rare type",
} as const;

function say(what: string, figure: number | boolean, target?: number | string | boolean): void {
  const value = typeof figure === "number" ? Number(figure.toPrecision(4)) : figure;
  console.log(`${what}: ${value}${target === undefined ? "" : ` (${target})`}`);
}

function sayOf(what: string, result: Hubbed): void {
  say(`${what}: nothing lost or repeated`, result.isWhole, true);
  say("  processor time an event, microseconds", result.cpuMicros);
  say("  delay, median, ms", result.p50);
  say("  delay, 99th percentile, ms", result.p99);
  say("  memory of the runtime, MiB", result.memory);
}

const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? Object.keys(measurements) : asked) {
  const measure = measurements[name];
  if (measure === undefined) {
    console.error(
      `no such measurement: ${name}; there are ${Object.keys(measurements).join(", ")}`,
    );
    process.exit(2);
  }
  await measure();
}
process.exit(0);
