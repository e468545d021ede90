/* `/overlay/events`: the last follows, subscriptions, tips and raids. */
import { nameAlert } from "../kit/alert-twins.ts";
import { readControl } from "../kit/control.ts";
import type { StreamEvent } from "../kit/events.ts";
import { fillHeadline } from "../kit/headline.ts";
import { findKind, listTypes } from "../kit/kinds.ts";
import {
  isHidden,
  MODERATION,
  observeModeration,
  startModeration,
  type Traces,
} from "../kit/moderation.ts";
import { openPage } from "../kit/page.ts";
import { makePicture } from "../kit/pictures.ts";
import { findTwin, type Twins } from "../kit/twins.ts";
import { makeSpan } from "../kit/words.ts";
import { addRecent, dropOld } from "./recent.ts";
import { startShow, type EventsSettings } from "./show.ts";

async function start(): Promise<void> {
  // Twins and gifts are no entries: some more than are shown.
  const page = await openPage("events", ({ limit }: EventsSettings) => ({
    rewind: Math.min(500, limit * 4 + 20),
  }));
  const { settings, source, root, name } = page;
  const show = startShow(root, settings);
  const moderation = startModeration();
  const twins: Twins<true> = new Map();
  const nodes = new Map<string, HTMLElement>();
  let recent: readonly StreamEvent[] = [];
  let isPlanned = false;

  const makeEntry = (event: StreamEvent): HTMLElement => {
    const kind = findKind(event) ?? "follow";
    const entry = document.createElement("div");
    entry.className = "event panel";
    Object.assign(entry.dataset, { type: kind, platform: event.platform });
    if (event.test) entry.dataset["test"] = "";
    entry.append(
      (settings.avatars && makePicture(event.data.user?.avatar, "", "avatar")) || makeSpan("icon"),
    );
    const headline = entry.appendChild(document.createElement("p"));
    headline.className = "headline";
    fillHeadline(headline, kind, event, {
      template: "",
      others: 0,
      lang: settings.lang || undefined,
    });
    return entry;
  };
  const draw = (): void => {
    isPlanned = false;
    recent = dropOld(recent, settings.age, source.now());
    const kept = recent.map(
      (event) => [event.id, nodes.get(event.id) ?? makeEntry(event)] as const,
    );
    nodes.clear();
    for (const [id, node] of kept) nodes.set(id, node);
    show([...nodes.values()]);
  };
  const plan = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    // A page that nobody sees draws as well: the first look is complete.
    setTimeout(draw, 30);
  };
  const trace = ({ id, platform, provider, data }: StreamEvent): Traces => ({
    platform,
    provider,
    ids: new Set([id, data.message?.id ?? id]),
    user: data.user,
  });

  const { platforms, providers } = settings;
  source.on({ types: listTypes(settings.types), platforms, providers }, (event) => {
    if (findKind(event) === null || (event.test && settings.test === "hide")) return;
    if (/pending|rejected/.test(event.data.moderation ?? "")) return;
    const named = settings.twins === "merge" && nameAlert(event);
    if (named && findTwin(twins, named[0], event, named[1], true)) return;
    if (isHidden(moderation, trace(event), source.now())) return;
    recent = addRecent(recent, event, settings.limit);
    plan();
  });
  source.on({ types: MODERATION }, (event, { live }) => {
    const control = live ? readControl(event, "events", name) : null;
    if (control?.command === "reload") location.reload();
    if (control?.command === "clear") recent = [];
    const hides = observeModeration(moderation, event, source.now());
    // What somebody gave stays when words are deleted, which are not shown here; with a ban they go.
    if (hides && !event.type.startsWith("chat"))
      recent = recent.filter((each) => !hides(trace(each)));
    if (hides || control) draw();
  });
  if (settings.age > 0) setInterval(draw, 60_000);
}

void start();
