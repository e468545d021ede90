import type { CatalogueType } from "../../src/event/catalogue.ts";
import type { DraftOf } from "../../src/event/event.ts";
import { toEvent, type EventDraft, type Place } from "../../src/event/event.ts";
import type { NumberedEvent } from "../../src/event/group.ts";
import type { Amount, Connection, Message, User } from "../../src/event/shapes.ts";

/*
 * One draft of each type of the catalogue, with every field it may have, and what tests build
 * others from. Nothing in them is a secret or an e-mail address.
 */

export const CHANNEL = "demo";
export const EPOCH = "k3f9w2ab7q";

/** 2026-11-21T01:17:00.123Z. */
export const RECORDED_AT = 1_795_223_820_123;

export const ada: User = {
  key: "twitch:900000001",
  id: "900000001",
  login: "ada",
  name: "Ada",
  avatar: "https://pictures.example/ada.png",
  url: "https://twitch.tv/ada",
  color: "#8a2be2",
  roles: ["subscriber"],
  badges: [
    { set: "subscriber", id: "12", title: "1 year", image: "https://b.example/12", info: "12" },
  ],
  anonymous: false,
};

const grace = { key: "twitch:900000002", id: "900000002", login: "grace", name: "Grace" };

export const hello: Message = {
  id: "m-1",
  text: "Hello @grace Kappa https://example.com/a?b=c",
  fragments: [
    { type: "text", text: "Hello " },
    { type: "mention", text: "@grace" },
    { type: "text", text: " " },
    { type: "emote", text: "Kappa", id: "25", image: "https://emotes.example/25" },
    { type: "text", text: " " },
    { type: "link", text: "https://example.com/a?b=c", url: "https://example.com/a?b=c" },
  ],
  replyTo: "m-0",
  action: false,
  highlighted: true,
  first: true,
  to: grace,
  attachments: [{ type: "image", url: "https://pictures.example/1.png", title: "A cat" }],
};

const euros: Amount = { value: "4.20", currency: "EUR", kind: "fiat", display: "4,20 €" };
const lemons: Amount = { value: "1000", currency: "dlive:lemon", kind: "virtual" };

export const connection: Connection = {
  identifier: "restream:5000001-twitch-900000001",
  uuid: "u-1",
  platform: "twitch",
  status: "connected",
  reason: null,
  target: {
    platform: "twitch",
    id: "900000001",
    name: "Ada",
    url: "https://twitch.tv/ada",
    avatar: "https://pictures.example/ada.png",
  },
  writable: true,
  ready: true,
  live: true,
  takes: ["chat"],
};

const outcome: DraftOf<"send.failed">["data"] = {
  sendId: "s-1",
  kind: "chat",
  targets: [connection.identifier],
  text: "Hello all",
  reason: "rate_limited",
  retryable: true,
  retryAfter: 30,
};

const train: DraftOf<"channel.hype_train.ended">["data"] = {
  trainId: "ht-1",
  level: 2,
  total: 1_900,
  progress: 300,
  goal: 1_800,
  kind: "regular",
  endsAt: "2026-11-21T01:22:00.000Z",
  endedAt: "2026-11-21T01:21:00.000Z",
};

const goal: DraftOf<"channel.goal.ended">["data"] = {
  goalId: "go-1",
  kind: "follow",
  title: "A hundred",
  current: 98,
  target: 100,
  achieved: false,
};

const poll: DraftOf<"channel.poll.ended">["data"] = {
  pollId: "po-1",
  title: "Tea or coffee?",
  choices: [
    { id: "c-1", title: "Tea", votes: 3 },
    { id: "c-2", title: "Coffee", votes: 4 },
  ],
  endsAt: "2026-11-21T01:22:00.000Z",
  status: "completed",
};

const prediction: DraftOf<"channel.prediction.ended">["data"] = {
  predictionId: "pr-1",
  title: "Will it compile?",
  outcomes: [
    { id: "o-1", title: "Yes", users: 2, points: 500 },
    { id: "o-2", title: "No", users: 9, points: 4_200 },
  ],
  winner: "o-2",
  status: "resolved",
};

const data: { [T in CatalogueType]: DraftOf<T>["data"] } = {
  "chat.message": {
    user: ada,
    message: hello,
    source: { key: "twitch:900000007", id: "900000007", login: "heron", name: "Heron" },
  },
  "chat.message.deleted": { messageIds: ["m-1", "m-2"], eventIds: [], user: grace, by: ada },
  "chat.message.held": { user: ada, message: hello, reason: "swearing" },
  "chat.message.reviewed": { messageId: "m-1", outcome: "denied", user: ada, by: grace },
  "chat.cleared": { scope: "user", user: grace, by: ada },
  "chat.notice": { text: "Welcome", kind: "announcement", user: ada },
  "chat.settings.updated": {
    emoteOnly: false,
    followersOnly: true,
    subscribersOnly: false,
    slowSeconds: 30,
    unique: true,
    mode: "FOLLOW_ONLY",
  },
  "chat.emote.added": { emote: { id: "25", name: "Kappa", image: "https://emotes.example/25" } },
  "send.accepted": outcome,
  "send.confirmed": outcome,
  "send.failed": outcome,
  "channel.follow": { user: ada },
  "channel.subscription": {
    user: ada,
    subscription: {
      kind: "renewal",
      tier: "2",
      months: 12,
      streak: 3,
      gift: { id: "g-1", from: grace, count: 1, recipients: [ada] },
      message: "One year!",
    },
  },
  "channel.subscription.gift": {
    user: ada,
    count: 5,
    tier: "1",
    recipients: [grace],
    gift: { id: "g-1" },
  },
  "channel.subscription.ended": { user: ada },
  "channel.tip": {
    tipId: "t-1",
    user: ada,
    amount: euros,
    message: hello,
    kind: "superchat",
    moderation: "allowed",
  },
  "channel.tip.moderated": { tipId: "t-1", moderation: "rejected", by: grace },
  "channel.cheer": {
    user: ada,
    amount: lemons,
    gift: { name: "NINJAGHINI", count: 1 },
    message: hello,
  },
  "channel.raid": { user: ada, viewers: 120, kind: "raid", direction: "in" },
  "channel.redemption": {
    user: ada,
    reward: { id: "r-1", title: "Hydrate", cost: 300 },
    input: "Water",
    status: "unfulfilled",
  },
  "channel.shoutout": { user: ada, by: grace, viewers: 120, direction: "in" },
  "channel.ad.started": { seconds: 90, automatic: true },
  "channel.updated": { title: "Compilers", category: "Science", language: "en" },
  "channel.hype_train.started": train,
  "channel.hype_train.progressed": train,
  "channel.hype_train.ended": train,
  "channel.goal.started": goal,
  "channel.goal.progressed": goal,
  "channel.goal.ended": goal,
  "channel.poll.started": poll,
  "channel.poll.progressed": poll,
  "channel.poll.ended": poll,
  "channel.prediction.started": prediction,
  "channel.prediction.progressed": prediction,
  "channel.prediction.locked": prediction,
  "channel.prediction.ended": prediction,
  "stream.online": {
    startedAt: "2026-11-21T01:00:00.000Z",
    url: "https://twitch.tv/ada",
    account: "14",
  },
  "stream.offline": {
    endedAt: "2026-11-21T02:00:00.000Z",
    url: "https://twitch.tv/ada",
    account: "14",
  },
  "stream.status": {
    incoming: true,
    pushing: true,
    pulling: false,
    accounts: [{ id: "14", live: true }],
  },
  "stream.viewers": { count: 42, account: "14" },
  "moderation.ban": { user: ada, by: grace, reason: "spam" },
  "moderation.unban": { user: ada, by: grace, reason: "appeal" },
  "moderation.timeout": {
    user: ada,
    by: grace,
    reason: "spam",
    seconds: 600,
    until: "2026-11-21T01:27:00.000Z",
  },
  "moderation.warning": { user: ada, by: grace, reason: "tone" },
  "moderation.moderator.added": { user: ada, by: grace },
  "moderation.moderator.removed": { user: ada, by: grace },
  "moderation.vip.added": { user: ada, by: grace },
  "moderation.vip.removed": { user: ada, by: grace },
  "interaction.input": {
    view: "panel",
    component: "jump",
    user: ada,
    values: { value: 3 },
  },
  "interaction.mouse": {
    button: "down",
    x: 10,
    y: 20,
    width: 1920,
    height: 1080,
    user: ada,
  },
  "chest.giveaway.started": { value: "250", endsAt: "2026-11-21T02:00:00.000Z" },
  "chest.giveaway.ended": { value: "250", winners: [grace] },
  "chest.value.updated": { amount: lemons },
  "chest.value.expired": { amount: lemons },
  "overlay.action": { action: "pause" },
  "overlay.broadcast": { target: "alerts", event: "confetti", payload: { amount: 3 } },
  "session.updated": { key: "follower-latest", value: { name: "Ada" } },
  "session.reset": { session: { "follower-total": { count: 0 } } },
  "connection.updated": connection,
  "connection.closed": {
    identifier: connection.identifier,
    uuid: "u-1",
    reason: "removed",
    replaced: false,
  },
  "connection.gap": {
    identifier: connection.identifier,
    from: "2026-11-21T01:00:00.000Z",
    to: "2026-11-21T01:05:00.000Z",
    cause: "silent",
  },
  "webhook.failing": {
    webhookId: "wh_1",
    host: "hooks.example",
    since: "2026-11-21T01:00:00.000Z",
    attempts: 5,
  },
  "webhook.recovered": {
    webhookId: "wh_1",
    host: "hooks.example",
    failedSince: "2026-11-21T01:00:00.000Z",
  },
  "webhook.disabled": { webhookId: "wh_1", host: "hooks.example", reason: "gone" },
  "provider.event": { nativeType: "streamMessageReceived.New", payload: { type: "New" } },
};

/** One draft of each type of the catalogue. */
export const samples = Object.fromEntries(
  Object.entries(data).map(([type, each]) => [type, { type, platform: "twitch", data: each }]),
) as { readonly [T in CatalogueType]: DraftOf<T> };

/** All of them, in the order they stand in here. */
export const allSamples: readonly EventDraft[] = Object.values(samples);

/** A chat message of somebody, as a draft with its own key. */
export function said(id: string, text: string, user: User = ada): DraftOf<"chat.message"> {
  const message = { ...hello, id, text, fragments: [{ type: "text" as const, text }] };
  return { ...samples["chat.message"], key: `message ${id}`, data: { user, message } };
}

/** A draft at a place of the log. */
export function numbered(
  draft: EventDraft,
  seq: number,
  place: Partial<Place> = {},
): NumberedEvent {
  const event = toEvent(draft, {
    channel: CHANNEL,
    epoch: EPOCH,
    seq,
    recordedAt: RECORDED_AT + seq,
    provider: "restream",
    ...place,
  });
  return { seq, event, text: JSON.stringify(event), key: null, raw: draft.raw ?? null };
}
