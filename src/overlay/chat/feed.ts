import { readControl } from "../kit/control.ts";
import type { StreamEvent } from "../kit/events.ts";
import {
  isHidden,
  MODERATION,
  observeModeration,
  remember,
  startModeration,
} from "../kit/moderation.ts";
import { CHAT, findTwin, nameLine, type Twins } from "../kit/twins.ts";
import type { Box } from "./box.ts";
import { makeFilter } from "./filter.ts";
import type { ChatPage, Line } from "./line.ts";

const NAMES = 300;

/** Gives the box what comes: what may be shown, once, and not before its time. */
export function startFeed({ settings, source, name, note }: ChatPage, box: Box): void {
  const { providers, platforms, delay } = settings;
  const moderation = startModeration();
  const known: Twins<Line> = new Map();
  const isWanted = makeFilter(settings);
  /** Names of who wrote a message, for whoever answers it. */
  const writers = new Map<string, string>();

  const release = (line: Line): void => {
    if (!isHidden(moderation, line.traces, source.now())) box.add(line);
  };

  const take = (event: StreamEvent): void => {
    const { platform, provider, data } = event;
    const { user, message } = data;
    const ids = new Set([event.id, message?.id ?? event.id]);
    const line: Line = {
      event,
      traces: { platform, provider, ids, user },
      answers: writers.get(message?.replyTo ?? ""),
    };
    const twin = message && findTwin(known, nameLine(event), event, CHAT, line);
    if (twin) {
      // A deletion by either's id means both.
      for (const id of ids) twin.traces.ids.add(id);
      for (const id of twin.traces.ids) ids.add(id);
    }
    if (message?.id && user) remember(writers, message.id, NAMES, user.name);
    if ((twin && settings.twins === "merge") || !isWanted(event)) return;
    // What is told of it meanwhile is looked at once its time has come.
    if (delay > 0) setTimeout(release, delay * 1_000, line);
    else release(line);
  };

  const types = settings.notices ? ["chat.message", "chat.notice"] : ["chat.message"];
  source.on({ types, providers, platforms }, take);
  source.on({ types: MODERATION }, (event, { live }) => {
    const control = live && readControl(event, "chat", name);
    if (control && control.command === "clear") box.clear();
    if (control && control.command === "reload") location.reload();
    const hides = observeModeration(moderation, event, source.now());
    if (!hides) return;
    box.hide(hides);
    note(`hidden: ${event.type}`);
  });
  source.watch(() => {}, box.clear);
}
