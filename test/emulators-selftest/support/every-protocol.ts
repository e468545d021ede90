import {
  type CommonAction,
  type Emulator,
  keyOfChat,
  type Outcome,
  startEmulator,
  type Truth,
} from "../../emulators/index.ts";
import { followAstro } from "./astro.ts";
import type { Client } from "./client.ts";
import {
  followDlive,
  followEventSub,
  followRestream,
  followInteractiveSync,
  followMultistreamer,
  followTwitch,
  interactiveSyncUrl,
  multistreamerUrl,
} from "./follow.ts";

/** An emulator under test, as far as all of them are alike. */
export interface Played {
  readonly emulator: Emulator<CommonAction, Truth>;
  /** The dial of a client that would be let in. */
  readonly dialUrl: string;
  readonly follow: () => Promise<Client>;
  readonly say: (text: string) => Promise<Outcome>;
  readonly burst: (count: number, perSecond?: number) => Promise<Outcome>;
  /** The key of what a frame says, for a protocol that has no ids; elsewhere it is in the frame. */
  readonly keyOf?: (frame: string) => string;
  /** How a text stands in a frame, where that is no JSON. */
  readonly quote?: (text: string) => string;
}

/** The test's own `onTestFinished`: the emulator is closed when the test is over. */
type AtEnd = (close: () => Promise<void>) => void;

/** What every protocol's emulator must do, and how to try it. A new one is a line in here. */
export const everyProtocol: readonly {
  protocol: string;
  /** And says on the socket what is wrong with any but its own. */
  takesEveryPath?: true;
  play: (atEnd: AtEnd) => Promise<Played>;
}[] = [
  { protocol: "dlive", play: playDlive },
  { protocol: "restream", play: playRestream },
  { protocol: "astro", play: playAstro },
  { protocol: "interactive-sync", takesEveryPath: true, play: playInteractiveSync },
  { protocol: "multistreamer", play: playMultistreamer },
  { protocol: "twitch-irc", play: playTwitch },
  { protocol: "twitch-eventsub", play: playEventSub },
];

async function playDlive(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("dlive");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: emulator.url,
    follow: () => followDlive(emulator),
    say: (content) => emulator.do({ action: "item", type: "Message", content }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
  };
}

async function playRestream(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("restream");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: `${emulator.url}?accessToken=good-token`,
    follow: () => followRestream(emulator),
    say: (text) => emulator.do({ action: "event", eventTypeId: 4, text }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
  };
}

async function playAstro(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("astro");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: emulator.url,
    follow: () => followAstro(emulator),
    say: (text) => emulator.do({ action: "chat", text }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
  };
}

async function playInteractiveSync(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("interactive-sync");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: interactiveSyncUrl(emulator),
    follow: () => followInteractiveSync(emulator),
    say: (text) => emulator.do({ action: "input", values: { text } }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
  };
}

async function playMultistreamer(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("multistreamer");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: multistreamerUrl(emulator),
    follow: () => followMultistreamer(emulator),
    say: (text) => emulator.do({ action: "chat", text }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
    keyOf: (frame) => keyOfChat(JSON.parse(frame) as Record<string, unknown>),
  };
}

async function playTwitch(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("twitch-irc");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: emulator.url,
    follow: () => followTwitch(emulator),
    say: (text) => emulator.do({ action: "message", text }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
    quote: (text) => `:${text}\r\n`,
    keyOf: (frame) => / ?[@;]id=([^; ]*)/.exec(frame)?.[1] ?? "",
  };
}

async function playEventSub(atEnd: AtEnd): Promise<Played> {
  const emulator = await startEmulator("twitch-eventsub");
  atEnd(() => emulator.close());
  return {
    emulator,
    dialUrl: emulator.url,
    follow: () => followEventSub(emulator),
    say: (text) => emulator.do({ action: "message", text }),
    burst: (count, perSecond) => emulator.do({ action: "burst", count, perSecond, prefix: "no. " }),
    keyOf: (frame) => /"message_id":"([^"]*)","message":/.exec(frame)?.[1] ?? "",
  };
}
