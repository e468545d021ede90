import { nameAlert } from "../kit/alert-twins.ts";
import { readControl, type Control } from "../kit/control.ts";
import type { StreamEvent } from "../kit/events.ts";
import type { Kind } from "../kit/kind-names.ts";
import { findKind, listTypes, measure } from "../kit/kinds.ts";
import { isHidden, MODERATION, observeModeration, startModeration } from "../kit/moderation.ts";
import type { Page } from "../kit/page.ts";
import { findTwin, type Twins } from "../kit/twins.ts";
import type { AlertSettings } from "./card.ts";
import type { Keeping } from "./keeping.ts";
import { startQueue, type Alert, type Effect, type Input } from "./queue-state.ts";
import { advance, findNextTime } from "./queue.ts";
import type { Stage } from "./stage.ts";
import { takeTurns } from "./turn.ts";

const WRITE_MS = 200;
const DAY_MS = 86_400_000;
const LEAST_MS = 10;
// Longer timers fire at once.
const LONGEST_MS = 2 ** 31 - 1;

/** Runs the queue: what comes goes in, what it asks for is done. Answers how a place is passed. */
export function startAlerts(
  page: Page<AlertSettings>,
  stage: Stage,
  keeping: Keeping,
): (position: string) => void {
  const { settings, source, name, note } = page;
  const moderation = startModeration();
  const twins: Twins<Alert> = new Map();
  let queue = startQueue(keeping.read());
  let timer = 0;
  let writing = 0;

  const write = (): void => {
    clearTimeout(writing);
    writing = 0;
    keeping.write(queue.place);
  };
  const perform = (effect: Effect, isShown: boolean): void => {
    switch (effect.type) {
      case "remember":
        // Before it is seen, so that nothing is seen twice; else soon.
        if (isShown) write();
        else writing ||= window.setTimeout(write, WRITE_MS);
        return;
      case "show":
        stage.show(effect.alert);
        return note(`shows ${effect.alert.kind}, ${queue.waiting.length} wait`);
      case "hide":
        return stage.hide();
      case "silence":
        return stage.silence();
    }
  };
  const put = (input: Input): void => {
    const now = source.now();
    const { queue: next, effects } = advance(queue, input, now, settings);
    queue = next;
    const isShown = effects.some(({ type }) => type === "show");
    for (const effect of effects) perform(effect, isShown);
    clearTimeout(timer);
    const at = findNextTime(queue);
    if (at !== null)
      timer = window.setTimeout(put, Math.min(Math.max(LEAST_MS, at - now), LONGEST_MS), {
        type: "tick",
      });
  };

  const take = (event: StreamEvent, { live, age }: { live: boolean; age: number }): void => {
    const kind = findKind(event);
    if (kind === null || !isWanted(event, kind, settings)) return;
    const alert = makeAlert(event, kind, source.now());
    const named = settings.twins === "merge" && nameAlert(event);
    const twin = named && findTwin(twins, named[0], event, named[1], alert);
    if (twin) {
      // A deletion by either's id means both.
      for (const id of alert.traces.ids) twin.traces.ids.add(id);
      return;
    }
    if (!isHidden(moderation, alert.traces, source.now())) put({ type: "alert", alert, live, age });
  };
  const { platforms, providers } = settings;
  source.on({ types: listTypes(settings.types), platforms, providers }, take);
  source.on({ types: ["channel.tip.moderated"] }, (event) => put({ type: "moderated", event }));
  source.on({ types: MODERATION }, (event, { live }) => {
    const control = live ? readControl(event, "alerts", name) : null;
    if (control) obey(control);
    const hides = observeModeration(moderation, event, source.now());
    if (hides) put({ type: "hide", hides, isBan: /ban$|timeout$|broadcast$/.test(event.type) });
  });
  const obey = ({ command, value, id }: Control): void => {
    put({ type: "command", command });
    if (command.endsWith("mute")) stage.mute(command === "mute");
    if (command === "volume" && value !== null) stage.setVolume(value);
    if (command === "reload") location.reload();
    if (command === "replay" && id !== null) void replay(id);
  };
  const replay = async (id: string): Promise<void> => {
    const event = await source.find(id);
    const kind = event && findKind(event);
    if (kind) put({ type: "again", alert: makeAlert(event, kind, source.now()) });
  };

  keeping.watch((place) => put({ type: "place", place }));
  addEventListener("pagehide", () => {
    if (writing) write();
  });
  void recall(page, obey).then(() =>
    takeTurns(keeping.store.name, settings.hidden === "play", (mayPlay) =>
      put({ type: "turn", mayPlay, place: keeping.read() }),
    ),
  );
  return (position) => put({ type: "passed", position });
}

/** Obeys what it was last told: a box that was paused or muted stays so. */
async function recall(
  { source, name }: Page<AlertSettings>,
  obey: (control: Control) => void,
): Promise<void> {
  try {
    const since = new Date(source.now() - DAY_MS).toISOString();
    const told = await source.look({ types: ["overlay.broadcast"], since, limit: 50 });
    const controls = told.flatMap((event) => readControl(event, "alerts", name) ?? []);
    for (const words of [/^(pause|resume)$/, /^(un)?mute$/, /^volume$/]) {
      const last = controls.find(({ command }) => words.test(command));
      if (last) obey(last);
    }
  } catch {
    // The relay is away, or the key may not read what was: as it begins.
  }
}

function makeAlert(event: StreamEvent, kind: Kind, cameAt: number): Alert {
  const { id, platform, provider, data } = event;
  const ids = new Set([id, data.message?.id ?? id]);
  const traces = { platform, provider, ids, user: data.user };
  return { id, ids: [id], kind, event, traces, others: 0, isSilent: false, cameAt };
}

/** Is it large enough, and is it asked for? */
function isWanted({ test, data }: StreamEvent, kind: Kind, settings: AlertSettings): boolean {
  if (test === true && settings.test === "hide") return false;
  const size = measure(data);
  switch (kind) {
    case "tip": {
      const { value, currency } = settings["min.tip"];
      return (currency !== "" && currency !== data.amount?.currency) || size >= value;
    }
    case "cheer":
      return size >= settings["min.cheer"];
    case "gift":
      return size >= settings["min.gift"];
    case "raid":
      return size >= settings["min.raid"];
    default:
      return true;
  }
}
