/* `/overlay/featured`: the one message that somebody features. */
import { readControl, type Control } from "../kit/control.ts";
import type { StreamEvent } from "../kit/events.ts";
import { fitCard } from "../kit/fit.ts";
import {
  isHidden,
  MODERATION,
  observeModeration,
  startModeration,
  type Traces,
} from "../kit/moderation.ts";
import { openPage } from "../kit/page.ts";
import { makeFeature, type FeaturedSettings } from "./feature.ts";

const DAY_MS = 86_400_000;
const LEAVE_MS = 400;

async function start(): Promise<void> {
  const page = await openPage<FeaturedSettings>("featured", () => ({}));
  const { settings, source, root, name } = page;
  const moderation = startModeration();
  let seen: { readonly traces: Traces; readonly node: HTMLElement } | null = null;
  let timer = 0;

  const leave = (): void => {
    clearTimeout(timer);
    const leaving = seen?.node;
    seen = null;
    if (!leaving) return;
    leaving.dataset["leaving"] = "";
    setTimeout(() => leaving.remove(), LEAVE_MS);
  };
  const remove = (): void => {
    const { node } = seen ?? {};
    leave();
    // What was deleted does not fade.
    node?.remove();
  };
  const feature = (event: StreamEvent): void => {
    const { id, platform, provider, data } = event;
    const { user, message, subscription, input } = data;
    const said = message ?? { text: subscription?.message ?? input ?? "" };
    const traces = { platform, provider, ids: new Set([id, message?.id ?? id]), user };
    if (!said.text || said.deleted || said.to || isHidden(moderation, traces, source.now())) return;
    if (event.test && settings.test === "hide") return;
    leave();
    const node = root.appendChild(makeFeature(event, said, page));
    fitCard(node);
    seen = { traces, node };
    if (settings.duration > 0) timer = window.setTimeout(leave, settings.duration * 1_000);
  };
  const obey = async ({ command, id }: Control): Promise<void> => {
    if (command === "clear" || command === "unfeature") leave();
    if (command === "reload") location.reload();
    if (!/^(feature|show)$/.test(command) || id === null || !settings.source.includes("dock"))
      return;
    const event = await source.find(id);
    if (event) feature(event);
  };
  const isByItself = ({ type, data: { message } }: StreamEvent): boolean =>
    (type === "chat.message" &&
      message?.highlighted === true &&
      settings.source.includes("highlighted")) ||
    (type === "channel.tip" && settings.source.includes("tip")) ||
    (type === "channel.cheer" && settings.source.includes("cheer"));

  const { platforms, providers } = settings;
  if (settings.source.some((each) => each !== "dock")) {
    const types = ["chat.message", "channel.tip", "channel.cheer"];
    source.on({ types, platforms, providers }, (event, { live }) => {
      if (live && isByItself(event) && !/pending|rejected/.test(event.data.moderation ?? ""))
        feature(event);
    });
  }
  source.on({ types: MODERATION }, (event, { live }) => {
    const control = live ? readControl(event, "featured", name) : null;
    if (control) void obey(control);
    const hides = observeModeration(moderation, event, source.now());
    if (hides && seen && hides(seen.traces)) remove();
  });
  if (settings.demo !== "off") return demonstrate();
  const since = new Date(source.now() - DAY_MS).toISOString();
  const told = await source.look({ types: ["overlay.broadcast"], since, limit: 50 }).catch(() => {
    // The relay is away: what is featured next will do.
    return [];
  });
  const last = told
    .flatMap((event) => readControl(event, "featured", name) ?? [])
    .find(({ command }) => /feature|show|clear/.test(command));
  if (last && settings.duration === 0) await obey(last);

  /** Features a line of the demo now and then. */
  function demonstrate(): void {
    const show = (): void => {
      const event = said.find(({ data }) => data.message?.highlighted) ?? said[0];
      if (event && seen === null) feature(event);
    };
    const said: StreamEvent[] = [];
    source.on({ types: ["chat.message"] }, (event) => {
      said.push(event);
      setTimeout(show, 50);
    });
  }
}

void start();
