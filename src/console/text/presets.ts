/* Test events: made-up occurrences of every kind that a stream has. Pure. */
import {
  giveGifts,
  make,
  makeMessage,
  makeUser,
  pickName,
  say,
  tell,
  type Preset,
} from "./making.ts";

export { findLine, type Making, type Posted, type Preset } from "./making.ts";

const LONG =
  "This is a line that goes on for a while, as some people do when they have a story to tell, and it shows how your chat looks when it has to break a line more than once, which happens on every stream sooner or later.";

const amount = (value: string, currency: string) => ({ value, currency, kind: "fiat" });

export const presets: readonly Preset[] = [
  { id: "line", label: "Chat line", group: "Chat", make: say("Hello from the console!") },
  { id: "long", label: "Long line", group: "Chat", make: say(LONG) },
  {
    id: "emotes",
    label: "Only emotes",
    group: "Chat",
    make: say("Kappa Kappa", {
      fragments: [
        { type: "emote", text: "Kappa", id: "25" },
        { type: "text", text: " " },
        { type: "emote", text: "Kappa", id: "25" },
      ],
    }),
  },
  { id: "rtl", label: "Right to left", group: "Chat", make: say("שלום לכולם, מה שלומכם היום?") },
  {
    id: "first",
    label: "First-time chatter",
    group: "Chat",
    make: say("Hi, I am new here", { first: true }),
  },
  { id: "follow", label: "Follow", group: "Support", make: tell("channel.follow", () => ({})) },
  {
    id: "sub",
    label: "New subscription",
    group: "Support",
    make: tell("channel.subscription", () => ({
      subscription: { kind: "new", tier: "1", months: 1 },
    })),
  },
  {
    id: "renewal",
    label: "24 months",
    group: "Support",
    make: tell("channel.subscription", () => ({
      subscription: { kind: "renewal", tier: "1", months: 24, message: "Two years already!" },
    })),
  },
  {
    id: "gift",
    label: "Gift of 1",
    group: "Support",
    make: (making) => giveGifts(making, 1),
  },
  {
    id: "bomb",
    label: "Gift bomb of 50",
    group: "Support",
    make: (making) => giveGifts(making, 50),
  },
  {
    id: "tip",
    label: "Tip of 5 USD",
    group: "Support",
    make: tell("channel.tip", ({ id }) => ({
      tipId: id(),
      amount: amount("5.00", "USD"),
      message: makeMessage(id(), "For a coffee"),
      kind: "tip",
    })),
  },
  {
    id: "yen",
    label: "Tip of 500 JPY",
    group: "Support",
    make: tell("channel.tip", ({ id }) => ({
      tipId: id(),
      amount: amount("500", "JPY"),
      message: makeMessage(id(), "がんばって!"),
      kind: "tip",
    })),
  },
  {
    id: "pending",
    label: "Tip, then let through",
    group: "Support",
    make: (making) => {
      const tipId = making.id();
      const user = makeUser(making.platform, pickName(tipId));
      const message = makeMessage(making.id(), "Is this shown?");
      return [
        make("channel.tip", making, {
          tipId,
          user,
          amount: amount("10.00", "EUR"),
          message,
          kind: "tip",
          moderation: "pending",
        }),
        make("channel.tip.moderated", making, { tipId, moderation: "allowed" }),
      ];
    },
  },
  {
    id: "cheer",
    label: "Cheer of 100",
    group: "Support",
    make: tell("channel.cheer", ({ id }) => ({
      amount: { value: "100", currency: "twitch:bit", kind: "virtual" },
      message: makeMessage(id(), "Cheer100"),
    })),
  },
  {
    id: "raid",
    label: "Raid of 250",
    group: "Support",
    make: tell("channel.raid", () => ({ viewers: 250, kind: "raid", direction: "in" })),
  },
  {
    id: "redemption",
    label: "Redemption",
    group: "Support",
    make: tell("channel.redemption", () => ({
      reward: { id: "test-hydrate", title: "Hydrate", cost: 300 },
      input: "A glass of water",
      status: "unfulfilled",
    })),
  },
  {
    id: "online",
    label: "Go live",
    group: "Stream",
    make: (making) => [make("stream.online", making, { startedAt: making.now })],
  },
  {
    id: "offline",
    label: "End the stream",
    group: "Stream",
    make: (making) => [make("stream.offline", making, { endedAt: making.now })],
  },
  {
    id: "delete",
    label: "Delete the last test line",
    group: "Moderation",
    make: (making) =>
      making.last === null
        ? []
        : [
            make("chat.message.deleted", making, {
              messageIds: [making.last.id],
              user: makeUser(making.platform, making.last.name),
            }),
          ],
  },
  {
    id: "ban",
    label: "Ban its author",
    group: "Moderation",
    make: (making) =>
      making.last === null
        ? []
        : [make("moderation.ban", making, { user: makeUser(making.platform, making.last.name) })],
  },
];
