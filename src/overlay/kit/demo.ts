/*
 * Made-up events: for a look at a page before anything is set up. In a frame, those of the page
 * around it, once it has sent any.
 */
import type { Amount, Data, Message, StreamEvent, User } from "./events.ts";
import type { Handler, Source, Wanted } from "./source.ts";
import { DEMO } from "./twins.ts";

type Made = readonly [type: string, platform: string, data: Data];

function somebody(name: string, color: string, ...roles: string[]): User {
  return { id: name, name, color, roles, badges: [] };
}

const PIXEL = somebody("PixelFern", "#ff69b4", "subscriber");
const MOSS = somebody("mossy_otter", "#1e90ff", "moderator");
const SNAIL = somebody("saffron_snail", "#daa520");
const AYA = somebody("彩 Aya", "#9acd32", "subscriber");
const NOOR = somebody("نور", "#ff7f50");
const KITE = somebody("KiteRunner", "#00ced1", "vip");

function says(platform: string, user: User, text: string, more: Partial<Message> = {}): Made {
  return ["chat.message", platform, { user, message: { text, ...more } }];
}

function money(value: string, currency: string): Amount {
  return { value, currency, kind: currency.length === 3 ? "fiat" : "virtual" };
}

const SCRIPT: readonly Made[] = [
  says("twitch", PIXEL, "good evening everyone, that intro was lovely"),
  ["channel.follow", "twitch", { user: KITE }],
  says("youtube", SNAIL, "first time catching this live!", { first: true }),
  ["stream.viewers", "twitch", { count: 812 }],
  says("kick", MOSS, "reminder: be kind, drink water"),
  [
    "channel.subscription",
    "twitch",
    {
      user: PIXEL,
      subscription: { kind: "renewal", months: 24, message: "two years, worth every minute" },
    },
  ],
  ["stream.viewers", "youtube", { count: 431 }],
  says("youtube", AYA, "その曲、大好きです"),
  [
    "channel.tip",
    "youtube",
    {
      user: SNAIL,
      amount: money("10.00", "EUR"),
      message: { text: "for the new microphone, it sounds wonderful" },
    },
  ],
  says("dlive", NOOR, "مساء الخير من عمّان"),
  says(
    "twitch",
    KITE,
    "the way you took that corner at the last second, with no brakes at all and half the tyres gone, I had to stand up",
    { highlighted: true },
  ),
  ["channel.subscription.gift", "twitch", { user: MOSS, count: 5 }],
  ["stream.viewers", "kick", { count: 96 }],
  says("kick", SNAIL, "waves at the chat", { action: true }),
  ["channel.raid", "twitch", { user: AYA, viewers: 250, kind: "raid", direction: "in" }],
  [
    "channel.cheer",
    "twitch",
    { user: KITE, amount: money("500", "bits"), message: { text: "what a run" } },
  ],
  ["channel.follow", "dlive", { user: NOOR }],
  says("twitch", MOSS, "one more round?"),
];

const EVERY_MS = 1_800;
const PAST = 100;

/** Opens a source of made-up events: all at once, or one after another. */
export function openDemo(isStatic: boolean): Source {
  const listeners: [Wanted, Handler][] = [];
  const past: StreamEvent[] = [];
  const give = (event: StreamEvent, live: boolean): void => {
    past.unshift(event);
    past.length = Math.min(past.length, PAST);
    for (const [wanted, handler] of listeners)
      if (isWanted(wanted, event)) handler(event, { live, age: 0 });
  };
  let count = 0;
  const play = (live: boolean): void => {
    const [type, platform, data] = SCRIPT[count % SCRIPT.length] ?? says("twitch", PIXEL, "");
    count += 1;
    const recordedtime = new Date().toISOString();
    give({ id: `demo-${count}`, type, platform, provider: DEMO, recordedtime, data }, live);
  };
  let timer = 0;
  // Once all listeners are there.
  timer = window.setTimeout(() => {
    for (let each = 0; each < (isStatic ? SCRIPT.length : 4); each += 1) play(isStatic);
    if (!isStatic) timer = window.setInterval(play, EVERY_MS, true);
  });
  if (parent !== window) {
    addEventListener("message", ({ source, data }) => {
      const { events } = (data ?? {}) as { events?: StreamEvent[] };
      if (source !== parent || !Array.isArray(events)) return;
      clearInterval(timer);
      for (const event of events) give(event, true);
    });
  }
  return {
    on: (wanted, handler) => void listeners.push([wanted, handler]),
    look: async (query) => past.filter((event) => isWanted(query, event)).slice(0, query.limit),
    find: async (id) => past.find((event) => event.id === id) ?? null,
    now: () => Date.now(),
    watch: (tell) => tell(true, "demo"),
  };
}

function isWanted(
  { types, providers = [], platforms = [] }: Wanted,
  { type, provider, platform }: StreamEvent,
): boolean {
  return (
    types.some(
      (each) => each === type || (each.endsWith("*") && type.startsWith(each.slice(0, -1))),
    ) &&
    (providers.length === 0 || providers.includes(provider)) &&
    (platforms.length === 0 || platforms.includes(platform))
  );
}
