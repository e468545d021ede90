/* `/overlay/viewers`: how many are watching. */
import { readControl } from "../kit/control.ts";
import { fitCard } from "../kit/fit.ts";
import { openPage } from "../kit/page.ts";
import type { Settings } from "../kit/parameters.ts";
import { cleanText } from "../kit/text.ts";
import { makeSpan } from "../kit/words.ts";
import type { parameters } from "./parameters.ts";
import { addViewers, sumViewers, type Tally } from "./tally.ts";

const LOOK_MS = 60_000;

async function start(): Promise<void> {
  const { settings, source, root, name } = await openPage<Settings<typeof parameters>>(
    "viewers",
    () => ({ rewind: 50 }),
  );
  const { platforms, providers, show, test } = settings;
  const numbers = new Intl.NumberFormat(settings.lang || undefined);
  const box = root.appendChild(document.createElement("section"));
  box.className = "viewers panel";
  box.ariaLabel = "Viewers";
  let tally: Tally = new Map();
  let drawn = "";

  const draw = (): void => {
    const each = sumViewers(tally, source.now());
    const sum = each.reduce((all, [, count]) => all + count, 0);
    const entries: [string, number][] = show === "each" ? each : [["", sum]];
    const said = JSON.stringify(entries);
    if (said === drawn) return;
    drawn = said;
    box.hidden = each.length === 0;
    const nodes = entries.map(([platform, count]) => {
      const entry = makeSpan("viewer");
      if (platform) entry.dataset["platform"] = platform;
      entry.append(
        makeSpan(platform ? "platform" : "eye"),
        makeSpan("count", numbers.format(count)),
      );
      if (platform) entry.title = cleanText(platform, 30);
      return entry;
    });
    box.replaceChildren(...nodes);
    fitCard(box);
  };
  source.on({ types: ["stream.viewers", "stream.offline"], platforms, providers }, (event) => {
    if (event.test && test === "hide") return;
    tally = addViewers(tally, event);
    draw();
  });
  source.on({ types: ["overlay.broadcast"] }, (event, { live }) => {
    if (live && readControl(event, "viewers", name)?.command === "reload") location.reload();
  });
  // A figure that nobody renews is none.
  setInterval(draw, LOOK_MS);
  draw();
}

void start();
