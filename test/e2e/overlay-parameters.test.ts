import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

import { parameters as alerts } from "../../src/overlay/alerts/parameters.ts";
import { parameters as chat } from "../../src/overlay/chat/parameters.ts";
import { parameters as events } from "../../src/overlay/events/parameters.ts";
import { parameters as featured } from "../../src/overlay/featured/parameters.ts";
import { parameters as goal } from "../../src/overlay/goal/parameters.ts";
import { common } from "../../src/overlay/kit/common.ts";
import { parameters as viewers } from "../../src/overlay/viewers/parameters.ts";
import { openBrowser } from "./support/browser.ts";
import { makeEvent, openPreview, PIXEL } from "./support/overlays.ts";
import { startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [relay, browser] = await Promise.all([startRelay(), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 500, height: 800 } });
  await page.addInitScript(listen);
  await page.route(
    (url) => url.origin !== relay.url && /^https?:$/.test(url.protocol),
    (route) => route.fulfill({ contentType: "image/png", body: PIXEL }),
  );
});

afterAll(async () => {
  await browser.close();
  await relay.kill();
});

/** Notes what sounds and what was on screen, in the page. */
function listen(): void {
  const said: string[] = [];
  Object.assign(window, { said });
  const note = (text: string): void => void said.push(text);
  const knob = {
    setValueAtTime() {},
    linearRampToValueAtTime() {},
    exponentialRampToValueAtTime() {},
  };
  const node = (): object => ({ connect: (to: object) => to, start() {}, stop() {} });
  class Context {
    state = "running";
    currentTime = 0;
    destination = {};
    createGain(): object {
      const gain = {
        ...knob,
        setTargetAtTime() {},
        set value(loud: number) {
          note(`loud ${loud}`);
        },
      };
      return { ...node(), gain };
    }
    createOscillator(): object {
      return {
        ...node(),
        frequency: {
          set value(tone: number) {
            note(`tone ${tone}`);
          },
        },
      };
    }
    async close(): Promise<void> {}
    async resume(): Promise<void> {}
  }
  class Sound {
    src = "";
    async play(): Promise<void> {
      note(`plays ${this.src}`);
    }
    pause(): void {}
  }
  const speechSynthesis = {
    getVoices: () => [{ lang: "en", localService: true }],
    speak: ({ text }: { text: string }) => note(`says ${text}`),
    cancel() {},
  };
  class SpeechSynthesisUtterance {
    readonly text: string;
    constructor(text: string) {
      this.text = text;
    }
  }
  const fakes = { AudioContext: Context, Audio: Sound, speechSynthesis, SpeechSynthesisUtterance };
  for (const [name, value] of Object.entries(fakes)) Object.defineProperty(window, name, { value });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const added of addedNodes) {
        if (added instanceof HTMLElement && added.matches(".alert")) note(added.outerHTML);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

/** The page as it looks: what is on it, how it is styled, and what was heard. */
function fingerprint(): string {
  // It goes whenever its motion ends.
  for (const leaving of document.querySelectorAll("[data-leaving]")) leaving.remove();
  const look = ["body", "main", "main *"].flatMap((each) => [...document.querySelectorAll(each)]);
  const styles = look.map((element) => {
    const style = getComputedStyle(element);
    const { color, backgroundColor, backgroundImage, fontFamily, fontSize, textAlign, direction } =
      style;
    const { animationName, animationDuration, filter, webkitLineClamp } = style;
    return [color, backgroundColor, backgroundImage, fontFamily, fontSize, textAlign, direction]
      .concat(animationName, animationDuration, filter, webkitLineClamp)
      .join(" ");
  });
  const { said } = window as unknown as { said: string[] };
  return [document.body.innerHTML, ...said, ...styles].join("\n");
}

const user = (name: string, more: object = {}) => ({
  id: name,
  key: `twitch:${name}`,
  name,
  color: "#ff69b4",
  roles: [],
  badges: [],
  ...more,
});
const PIXELFERN = user("PixelFern", {
  roles: ["vip"],
  avatar: "https://pictures.example/avatar.png",
  badges: [{ set: "vip", image: "https://pictures.example/badge.png" }],
});
const EMOTE = "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0";

let seq = 0;
function happen(type: string, data: object, more: object = {}): object {
  seq += 1;
  return makeEvent(seq, type, data, more);
}
const say = (who: object, text: string, message: object = {}, more: object = {}) =>
  happen("chat.message", { user: who, message: { text, ...message } }, more);

/** Lines of chat in which every parameter has something to change. */
function chatter(): object[] {
  const moss = user("Moss", { color: "#1e90ff", roles: ["moderator"] });
  const filler = Array.from({ length: 6 }, (_, at) => say(moss, `line ${at}`));
  return [
    ...filler,
    say(PIXELFERN, "hello", { id: "m1", first: true }),
    say(moss, "welcome", { replyTo: "m1" }),
    say(PIXELFERN, "look https://www.host.example/a/b darn", { highlighted: true }),
    say(PIXELFERN, "Kappa", { fragments: [{ type: "emote", text: "Kappa", image: EMOTE }] }),
    say(moss, "!drop"),
    say(user("nightbot"), "I am a bot"),
    say(moss, "a test", {}, { test: true }),
    say(moss, "from kick", {}, { platform: "kick" }),
    say(moss, "told twice"),
    say(moss, "told twice", {}, { provider: "multistreamer" }),
    happen("chat.notice", { text: "slow mode", kind: "system" }),
    say(PIXELFERN, "long ".repeat(90)),
  ];
}

const euros = (value: string) => ({ value, currency: "EUR", kind: "fiat" });

/** What happens for a channel, each kind of it. */
function giving(): object[] {
  const words = { text: "see https://www.host.example/x darn" };
  const from = user("Moss");
  return [
    happen("channel.tip", { user: PIXELFERN, amount: euros("7.50"), message: words }),
    ...Array.from({ length: 7 }, (_, at) => happen("channel.follow", { user: user(`f${at}`) })),
    happen("channel.subscription", {
      user: PIXELFERN,
      subscription: { kind: "renewal", months: 7 },
    }),
    happen("channel.subscription.gift", { user: from, count: 2 }),
    happen("channel.subscription", { user: user("got"), subscription: { gift: { from } } }),
    happen("channel.cheer", {
      user: PIXELFERN,
      amount: { value: "100", currency: "bits", kind: "virtual" },
      message: { text: "c" },
    }),
    happen("channel.raid", { user: user("Aya"), viewers: 40, kind: "raid", direction: "in" }),
    happen("channel.redemption", { user: PIXELFERN, reward: { title: "Hydrate" } }),
    happen("channel.tip", { user: from, amount: euros("50") }, { test: true }),
    happen("channel.tip", { user: from, amount: euros("9") }, { platform: "kick" }),
    happen(
      "channel.tip",
      { user: from, amount: euros("9") },
      { platform: "kick", provider: "astro" },
    ),
  ];
}

const told = (event: string, payload: object = {}, target = "*") =>
  happen("overlay.broadcast", { target, event, payload }, { provider: "api" });

interface Setting {
  readonly value: string;
  /** Parameters that it takes to see a difference, with it and without it. */
  readonly with?: string;
}

const COMMON: Record<Exclude<keyof typeof common, "channel">, Setting> = {
  theme: { value: "paper" },
  accent: { value: "ff0000" },
  color: { value: "00ff00" },
  background: { value: "0000ffcc" },
  font: { value: "Georgia" },
  size: { value: "40" },
  scale: { value: "2" },
  align: { value: "right" },
  motion: { value: "none" },
  platforms: { value: "kick" },
  providers: { value: "astro" },
  test: { value: "hide" },
  twins: { value: "show" },
  avatars: { value: "on" },
  badges: { value: "off" },
  emotes: { value: "none" },
  animate: { value: "off" },
  name: { value: "left" },
  state: { value: "dot" },
  demo: { value: "on" },
  backdrop: { value: "dark" },
  lang: { value: "ar" },
  debug: { value: "on" },
};

const CHAT: Record<Exclude<keyof typeof chat, keyof typeof common>, Setting> = {
  limit: { value: "3" },
  fade: { value: "60" },
  delay: { value: "30" },
  // What was before is the relay's: see overlays.test.ts.
  rewind: { value: "50" },
  direction: { value: "down" },
  hide: { value: "moss" },
  roles: { value: "vip" },
  commands: { value: "show" },
  bots: { value: "show" },
  links: { value: "host" },
  mark: { value: "logo" },
  names: { value: "off" },
  replies: { value: "off" },
  lines: { value: "2" },
  mask: { value: "darn" },
  notices: { value: "off" },
  first: { value: "off" },
  blur: { value: "kick" },
};

const KINDS = ["follow", "subscription", "gift", "tip", "cheer", "raid", "redemption"];
const ofEach = (name: string, value: string) =>
  Object.fromEntries(
    KINDS.map((kind) => [
      `${name}.${kind}`,
      { value, with: "types=follow,subscription,gift,tip,cheer,raid,redemption" },
    ]),
  );

const ALERTS: Record<string, Setting> = {
  types: { value: "follow" },
  "min.tip": { value: "8EUR" },
  "min.cheer": { value: "500" },
  "min.gift": { value: "5" },
  "min.raid": { value: "50" },
  queue: { value: "2", with: "fold=off" },
  order: { value: "value" },
  fold: { value: "off" },
  message: { value: "off" },
  lines: { value: "1" },
  links: { value: "host" },
  mask: { value: "darn" },
  sound: { value: "off" },
  volume: { value: "0.2" },
  tts: { value: "on" },
  ...ofEach("sound", "https://sounds.example/a.mp3"),
  ...ofEach("image", "https://pictures.example/a.png"),
  ...ofEach("text", "{name} did it"),
};

const EVENTS: Record<Exclude<keyof typeof events, keyof typeof common>, Setting> = {
  types: { value: "tip" },
  limit: { value: "2" },
  layout: { value: "ticker" },
  speed: { value: "3", with: "layout=ticker" },
  age: { value: "1", with: "limit=50" },
};

const GOAL: Record<Exclude<keyof typeof goal, keyof typeof common | "since">, Setting> = {
  of: { value: "tip" },
  target: { value: "20" },
  start: { value: "5" },
  currency: { value: "JPY", with: "of=tip" },
  title: { value: "New microphone" },
  show: { value: "percent" },
};

const FEATURED: Record<
  Exclude<keyof typeof featured, keyof typeof common | "duration">,
  Setting
> = {
  source: { value: "tip" },
  lines: { value: "1" },
  links: { value: "hide" },
  mask: { value: "darn" },
};

/** Opens a page of a kind with events given, and answers how it looks. */
async function look(kind: string, query: string): Promise<string> {
  seq = 0;
  const { frame, give } = await openPreview(page, relay, `/overlay/${kind}?demo=static&${query}`);
  // What is made up has been shown: what is given is seen by itself.
  await give([told("clear")]);
  if (kind === "chat") {
    await give([...chatter(), told("hide", { id: "preview000-2" }, "*")]);
    await settle(frame);
    // Only whoever is called so obeys.
    await give([told("clear", {}, "left")]);
  } else if (kind === "featured") {
    const line = say(PIXELFERN, `https://www.host.example/a darn ${"long ".repeat(60)}`);
    await give([line, ...giving(), told("feature", { id: `preview000-2` })]);
  } else {
    const old = happen(
      "channel.follow",
      { user: user("Old") },
      { recordedtime: new Date(Date.now() - 7_200_000).toISOString() },
    );
    await give([
      old,
      ...giving(),
      happen("stream.viewers", { count: 5 }),
      happen("stream.viewers", { count: 7 }, { platform: "kick" }),
    ]);
  }
  if (kind === "alerts") {
    for (let each = 0; each < 14; each += 1) {
      await give([told("skip")]);
      await settle(frame);
    }
  }
  if (kind === "alerts") {
    // One that stays.
    await give([happen("channel.raid", { user: PIXELFERN, viewers: 90, direction: "in" })]);
  }
  await settle(frame);
  const found = await frame.evaluate(fingerprint);
  return found.replaceAll(/preview000-\d+/g, "");
}

/** Waits for what was given to be drawn. */
async function settle(frame: Frame): Promise<void> {
  await frame.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 60);
      }),
  );
}

const BASE: Record<string, string> = { alerts: "pause=0&duration=60&" };

/** Looks without the parameter, which many have in common. */
const looks = new Map<string, string>();

async function isSeen(kind: string, name: string, setting: Setting): Promise<boolean> {
  const base = `${BASE[kind] ?? ""}${setting.with === undefined ? "" : `${setting.with}&`}`;
  const known = looks.get(`${kind}?${base}`);
  const before = known ?? (await look(kind, base));
  looks.set(`${kind}?${base}`, before);
  const after = await look(kind, `${base}${name}=${encodeURIComponent(setting.value)}`);
  return before !== after;
}

describe("a parameter of an overlay changes the page:", () => {
  it("nothing changes where no parameter does", async ({ expect }) => {
    for (const kind of ["chat", "alerts", "events", "goal", "featured", "viewers"]) {
      const base = BASE[kind] ?? "";
      const [first, again] = [await look(kind, base), await look(kind, base)];
      const lines = again.split("\n");
      expect(
        first.split("\n").filter((line, at) => line !== lines[at]),
        kind,
      ).toEqual([]);
    }
  });

  it.for(Object.entries({ ...COMMON, ...CHAT }).filter(([name]) => !/rewind|demo/.test(name)))(
    "%s of the chat",
    async ([name, setting], { expect }) => {
      expect(await isSeen("chat", name, setting)).toBe(true);
    },
  );

  it.for(Object.entries(ALERTS))("%s of alerts", async ([name, setting], { expect }) => {
    expect(await isSeen("alerts", name, setting)).toBe(true);
  });

  it.for(Object.entries(EVENTS))("%s of events", async ([name, setting], { expect }) => {
    expect(await isSeen("events", name, setting)).toBe(true);
  });

  it.for(Object.entries(GOAL))("%s of a goal", async ([name, setting], { expect }) => {
    expect(await isSeen("goal", name, setting)).toBe(true);
  });

  it.for(Object.entries(FEATURED))("%s of featured", async ([name, setting], { expect }) => {
    expect(await isSeen("featured", name, setting)).toBe(true);
  });

  it("show of viewers", async ({ expect }) => {
    expect(await isSeen("viewers", "show", { value: "each" })).toBe(true);
  });

  it.for(["alerts", "events", "goal", "featured", "viewers"])(
    "looks that all have, of %s",
    async (kind, { expect }) => {
      for (const name of ["theme", "background", "size", "scale", "font", "backdrop"] as const) {
        expect(await isSeen(kind, name, COMMON[name]), name).toBe(true);
      }
    },
  );

  it("each of them is tried here, but those that only time or the relay shows", ({ expect }) => {
    const elsewhere = ["channel", "duration", "pause", "catchup", "hidden", "since"];
    const own = (table: object) =>
      Object.keys(table).filter((name) => !(name in common) && !elsewhere.includes(name));
    expect(Object.keys(COMMON)).toEqual(Object.keys(common).filter((name) => name !== "channel"));
    expect(Object.keys(CHAT)).toEqual(own(chat));
    expect(Object.keys(ALERTS).toSorted()).toEqual(own(alerts).toSorted());
    expect(Object.keys(EVENTS)).toEqual(own(events));
    expect(Object.keys(GOAL)).toEqual(own(goal));
    expect(Object.keys(FEATURED)).toEqual(own(featured));
    expect(own(viewers)).toEqual(["show"]);
  });
});
