/* `/overlay/alerts`: one alert at a time, with sound. */
import { openPage } from "../kit/page.ts";
import { readersOfSome } from "../kit/readers.ts";
import type { AlertSettings } from "./card.ts";
import { keepPlace } from "./keeping.ts";
import { startAlerts } from "./run.ts";
import { startStage } from "./stage.ts";

const USUAL = "cheer+follow+gift+raid+subscription+tip";

/** The name of what is kept: another for a page that plays other alerts, so that none is in the way. */
function namePlace({ channel, name, types, platforms, providers }: AlertSettings): string {
  const of = types.toSorted().join("+");
  const only = [[of === USUAL ? "" : of], platforms, providers];
  return [
    "alerts",
    channel,
    name || "alerts",
    ...only.map((list) => list.toSorted().join("+")),
  ].join(":");
}

async function start(): Promise<void> {
  let pass = (_position: string): void => {};
  const begin = (settings: AlertSettings) => {
    // What is made up is not remembered.
    const keeping = keepPlace(settings.demo === "off" ? namePlace(settings) : null, (position) =>
      pass(position),
    );
    return { kept: keeping.store, keeping };
  };
  const page = await openPage("alerts", begin, readersOfSome);
  pass = startAlerts(page, await startStage(page), page.beginning.keeping);
}

void start();
