/* `/overlay/goal`: how far it is. */
import { nameAlert } from "../kit/alert-twins.ts";
import { readControl } from "../kit/control.ts";
import { readPosition, type StreamEvent } from "../kit/events.ts";
import { openPage } from "../kit/page.ts";
import { readersOfSome } from "../kit/readers.ts";
import { findTwin, type Twins } from "../kit/twins.ts";
import { startBar, type GoalSettings } from "./bar.ts";
import { addToCount, findStreamStart, listCounted, startCount } from "./count.ts";

const AGAIN_MS = 30_000;
const DAY_MS = 86_400_000;
// A page reads as much of the past at most: a follow a second for a day.
const MOST = 100_000;
const STARTS = 40;

async function start(): Promise<void> {
  const page = await openPage<GoalSettings>("goal", () => ({}), readersOfSome);
  const { settings, source, name, note } = page;
  const { of, since, platforms, providers } = settings;
  const draw = startBar(page);
  const types = listCounted(of);
  let count = startCount(settings.start, settings.currency);
  let twins: Twins<true> = new Map();
  /** The newest event that is counted; null until the past is. */
  let counted: { epoch: string; seq: number } | null = null;
  let early: StreamEvent[] = [];

  const add = (event: StreamEvent): void => {
    const place = readPosition(event.id);
    if (counted && place.epoch === counted.epoch && place.seq <= counted.seq) return;
    counted = place;
    const named = settings.twins === "merge" && nameAlert(event);
    if (named && findTwin(twins, named[0], event, named[1], true)) return;
    count = addToCount(count, event, of);
  };
  const findSince = async (): Promise<string> => {
    const dayAgo = new Date(source.now() - DAY_MS).toISOString();
    if (since !== "stream") return since.length === 10 ? `${since}T00:00:00Z` : since;
    const starts = await source.look({ types: ["stream.online", "stream.offline"], limit: STARTS });
    return findStreamStart(starts) ?? dayAgo;
  };
  const load = async (): Promise<void> => {
    try {
      const from = await findSince();
      const past = await source.look({ types, platforms, providers, since: from, limit: MOST });
      count = startCount(settings.start, settings.currency);
      twins = new Map();
      counted = null;
      for (const event of [...past.toReversed(), ...early]) add(event);
      counted ??= { epoch: "", seq: 0 };
      early = [];
      note(`${past.length} since ${from}`);
      draw(count);
    } catch {
      // The relay is away: what comes meanwhile is kept.
      setTimeout(() => void load(), AGAIN_MS);
    }
  };

  source.on({ types, platforms, providers }, (event) => {
    if (counted === null) {
      early = [...early.slice(-999), event];
      return;
    }
    add(event);
    draw(count);
  });
  source.on({ types: ["stream.online", "overlay.broadcast"] }, (event, { live }) => {
    if (event.type === "stream.online" && live && since === "stream") void load();
    if (live && readControl(event, "goal", name)?.command === "reload") location.reload();
  });
  source.watch(
    () => {},
    () => void load(),
  );
  // The demo's come by themselves.
  if (settings.demo === "off") await load();
  else counted = { epoch: "", seq: 0 };
  draw(count);
}

void start();
