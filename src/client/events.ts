/*
 * The data of every type of event. Generated from the relay's own schemas: see
 * `scripts/build-client-types.ts`.
 */

/** The data of each type. */
export interface Catalogue {
  readonly "chat.message": ChatMessage;
  readonly "chat.message.deleted": ChatMessageDeleted;
  readonly "chat.message.held": ChatMessageHeld;
  readonly "chat.message.reviewed": ChatMessageReviewed;
  readonly "chat.cleared": ChatCleared;
  readonly "chat.notice": ChatNotice;
  readonly "chat.settings.updated": ChatSettingsUpdated;
  readonly "chat.emote.added": ChatEmoteAdded;
  readonly "send.accepted": SendAccepted;
  readonly "send.confirmed": SendAccepted;
  readonly "send.failed": SendAccepted;
  readonly "channel.follow": ChannelFollow;
  readonly "channel.subscription": ChannelSubscription;
  readonly "channel.subscription.gift": ChannelSubscriptionGift;
  readonly "channel.subscription.ended": ChannelSubscriptionEnded;
  readonly "channel.tip": ChannelTip;
  readonly "channel.tip.moderated": ChannelTipModerated;
  readonly "channel.cheer": ChannelCheer;
  readonly "channel.raid": ChannelRaid;
  readonly "channel.redemption": ChannelRedemption;
  readonly "channel.shoutout": ChannelShoutout;
  readonly "channel.ad.started": ChannelAdStarted;
  readonly "channel.updated": ChannelUpdated;
  readonly "channel.hype_train.started": ChannelHypeTrainStarted;
  readonly "channel.hype_train.progressed": ChannelHypeTrainStarted;
  readonly "channel.hype_train.ended": ChannelHypeTrainStarted;
  readonly "channel.goal.started": ChannelGoalStarted;
  readonly "channel.goal.progressed": ChannelGoalStarted;
  readonly "channel.goal.ended": ChannelGoalStarted;
  readonly "channel.poll.started": ChannelPollStarted;
  readonly "channel.poll.progressed": ChannelPollStarted;
  readonly "channel.poll.ended": ChannelPollStarted;
  readonly "channel.prediction.started": ChannelPredictionStarted;
  readonly "channel.prediction.progressed": ChannelPredictionStarted;
  readonly "channel.prediction.locked": ChannelPredictionStarted;
  readonly "channel.prediction.ended": ChannelPredictionStarted;
  readonly "stream.online": StreamOnline;
  readonly "stream.offline": StreamOffline;
  readonly "stream.status": StreamStatus;
  readonly "stream.viewers": StreamViewers;
  readonly "moderation.ban": ModerationBan;
  readonly "moderation.unban": ModerationUnban;
  readonly "moderation.timeout": ModerationTimeout;
  readonly "moderation.warning": ModerationWarning;
  readonly "moderation.moderator.added": ModerationModeratorAdded;
  readonly "moderation.moderator.removed": ModerationModeratorRemoved;
  readonly "moderation.vip.added": ModerationVipAdded;
  readonly "moderation.vip.removed": ModerationVipRemoved;
  readonly "interaction.input": InteractionInput;
  readonly "interaction.mouse": InteractionMouse;
  readonly "chest.giveaway.started": ChestGiveawayStarted;
  readonly "chest.giveaway.ended": ChestGiveawayEnded;
  readonly "chest.value.updated": ChestValueUpdated;
  readonly "chest.value.expired": ChestValueExpired;
  readonly "overlay.action": OverlayAction;
  readonly "overlay.broadcast": OverlayBroadcast;
  readonly "session.updated": SessionUpdated;
  readonly "session.reset": SessionReset;
  readonly "connection.updated": Connection;
  readonly "connection.closed": ConnectionClosed;
  readonly "connection.gap": ConnectionGap;
  readonly "webhook.failing": WebhookFailing;
  readonly "webhook.recovered": WebhookRecovered;
  readonly "webhook.disabled": WebhookDisabled;
  readonly "provider.event": ProviderEvent;
}

export interface Amount {
  readonly value: string;
  readonly currency: string;
  readonly kind: "fiat" | "virtual";
  readonly display?: string;
}

export interface Attachment {
  readonly type: "image" | "link";
  readonly url: string;
  readonly title?: string;
}

export interface Badge {
  readonly set: string;
  readonly id?: string;
  readonly title?: string;
  readonly image?: string;
  readonly info?: string;
}

export interface Connection {
  readonly identifier: string;
  readonly uuid: string;
  readonly platform: string;
  readonly status: "connecting" | "connected" | "error" | "closed";
  readonly reason: string | null;
  readonly target: Target | null;
  readonly writable: boolean;
  readonly ready: boolean;
  readonly live: boolean | null;
  readonly takes?: readonly ("chat" | "interface")[];
}

export interface Fragment {
  readonly type: "text" | "emote" | "emoji" | "mention" | "link" | "cheermote" | "sticker";
  readonly text: string;
  readonly id?: string;
  readonly image?: string;
  readonly url?: string;
}

export interface Message {
  readonly id?: string;
  readonly text: string;
  readonly fragments: readonly Fragment[];
  readonly replyTo?: string;
  readonly action: boolean;
  readonly highlighted: boolean;
  readonly first: boolean;
  readonly to?: Person;
  readonly attachments?: readonly Attachment[];
  readonly deleted?: true;
}

export interface Person {
  readonly key?: string;
  readonly id?: string;
  readonly login?: string;
  readonly name?: string;
}

export type Role = "broadcaster" | "moderator" | "vip" | "subscriber" | "follower" | "staff" | "verified" | "bot";

export interface Subscription {
  readonly kind: "new" | "renewal" | "upgrade";
  readonly tier?: string;
  readonly months?: number;
  readonly streak?: number;
  readonly gift?: {
    /** Of one purchase of gifts: the purchase and all that were given have it alike. */
    readonly id?: string;
    readonly from?: Person;
    readonly count?: number;
    readonly recipients?: readonly Person[];
  };
  readonly message?: string;
}

export interface Target {
  readonly platform: string;
  readonly id?: string;
  readonly name?: string;
  readonly url?: string;
  readonly avatar?: string;
  readonly [name: string]: unknown;
}

export interface User {
  readonly key: string;
  readonly id: string;
  readonly login?: string;
  readonly name: string;
  readonly avatar?: string;
  readonly url?: string;
  readonly color?: string;
  readonly roles: readonly Role[];
  readonly badges: readonly Badge[];
  readonly anonymous: boolean;
}

/** `chat.message`: Somebody said something. */
export interface ChatMessage {
  readonly user: User;
  readonly message: Message;
  /** The channel that it was written in, where several share one chat and it is another one. */
  readonly source?: Person;
}

/** `chat.message.deleted`: Messages were deleted: they are tombstones from now on. */
export interface ChatMessageDeleted {
  readonly messageIds: readonly string[];
  /** Events that were erased by their ids, whatever they are: also those to which the platform gave no id of a message. */
  readonly eventIds?: readonly string[];
  readonly user?: Person;
  readonly by?: Person;
}

/** `chat.message.held`: A message waits for a moderator: nobody has seen it in the chat. */
export interface ChatMessageHeld {
  readonly user: User;
  readonly message: Message;
  readonly reason?: string;
}

/** `chat.message.reviewed`: A message that waited for a moderator was let through or not. */
export interface ChatMessageReviewed {
  readonly messageId: string;
  readonly outcome: "approved" | "denied" | "expired";
  readonly user?: User;
  readonly by?: Person;
}

/** `chat.cleared`: All messages, or all of one user, were cleared. */
export interface ChatCleared {
  readonly scope: "all" | "user";
  readonly user?: Person;
  readonly by?: Person;
}

/** `chat.notice`: The platform said something in the chat. */
export interface ChatNotice {
  readonly text: string;
  readonly kind: "announcement" | "system" | "milestone";
  readonly user?: User;
}

/** `chat.settings.updated`: Who may write changed. */
export interface ChatSettingsUpdated {
  readonly emoteOnly?: boolean;
  readonly followersOnly?: boolean;
  readonly subscribersOnly?: boolean;
  readonly slowSeconds?: number;
  readonly unique?: boolean;
  readonly mode?: string;
}

/** `chat.emote.added`: The channel has a new emote. */
export interface ChatEmoteAdded {
  readonly emote: {
    readonly id: string;
    readonly name: string;
    readonly image?: string;
  };
}

/** `send.accepted`: A message sent through the relay was taken on. */
export interface SendAccepted {
  readonly sendId: string;
  readonly kind: "chat" | "ui" | "relay";
  readonly targets: readonly string[];
  readonly text?: string;
  readonly reason?: string;
  readonly retryable?: boolean;
  readonly retryAfter?: number;
}

/** `channel.follow`: Somebody follows the channel. */
export interface ChannelFollow {
  readonly user: User;
}

/** `channel.subscription`: Somebody subscribed, or went on subscribing. */
export interface ChannelSubscription {
  readonly user: User;
  readonly subscription: Subscription;
}

/** `channel.subscription.gift`: Somebody gave subscriptions away. */
export interface ChannelSubscriptionGift {
  readonly user?: User;
  readonly count: number;
  readonly tier?: string;
  readonly recipients: readonly Person[];
  readonly gift?: {
    /** Of one purchase of gifts: the purchase and all that were given have it alike. */
    readonly id: string;
  };
}

/** `channel.subscription.ended`: A subscription ended. */
export interface ChannelSubscriptionEnded {
  readonly user: User;
}

/** `channel.tip`: Somebody gave money. */
export interface ChannelTip {
  readonly tipId?: string;
  readonly user?: User;
  readonly amount: Amount;
  readonly message?: Message;
  readonly kind: "tip" | "superchat" | "supersticker" | "charity" | "merch";
  readonly moderation?: "pending" | "allowed" | "rejected";
}

/** `channel.tip.moderated`: A tip was let through or held back. */
export interface ChannelTipModerated {
  readonly tipId: string;
  readonly moderation: "pending" | "allowed" | "rejected";
  readonly by?: Person;
}

/** `channel.cheer`: Somebody gave a platform's own units. */
export interface ChannelCheer {
  readonly user?: User;
  readonly amount: Amount;
  readonly gift?: {
    readonly name: string;
    readonly count: number;
  };
  readonly message?: Message;
}

/** `channel.raid`: Viewers came from or went to another channel. */
export interface ChannelRaid {
  readonly user: User;
  readonly viewers: number;
  readonly kind: "raid" | "host";
  readonly direction: "in" | "out";
}

/** `channel.redemption`: Somebody redeemed a reward. */
export interface ChannelRedemption {
  readonly user: User;
  readonly reward: {
    readonly id?: string;
    readonly title: string;
    readonly cost?: number;
  };
  readonly input?: string;
  readonly status?: string;
}

/** `channel.shoutout`: A channel was recommended to the viewers of another. */
export interface ChannelShoutout {
  readonly user: User;
  readonly by?: Person;
  readonly viewers?: number;
  readonly direction: "in" | "out";
}

/** `channel.ad.started`: A break for advertisements began. */
export interface ChannelAdStarted {
  readonly seconds: number;
  readonly automatic: boolean;
}

/** `channel.updated`: Title, category or language changed. */
export interface ChannelUpdated {
  readonly title?: string;
  readonly category?: string;
  readonly language?: string;
}

/** `channel.hype_train.started`: A hype train began. */
export interface ChannelHypeTrainStarted {
  readonly trainId: string;
  readonly level: number;
  readonly total: number;
  readonly progress?: number;
  readonly goal?: number;
  readonly kind?: string;
  readonly endsAt?: string;
  readonly endedAt?: string;
}

/** `channel.goal.started`: The channel set itself a goal. */
export interface ChannelGoalStarted {
  readonly goalId: string;
  readonly kind: string;
  readonly title?: string;
  readonly current: number;
  readonly target: number;
  readonly achieved?: boolean;
}

/** `channel.poll.started`: A poll began. */
export interface ChannelPollStarted {
  readonly pollId: string;
  readonly title: string;
  readonly choices: readonly {
    readonly id: string;
    readonly title: string;
    readonly votes?: number;
  }[];
  readonly endsAt?: string;
  readonly status?: string;
}

/** `channel.prediction.started`: A prediction began. */
export interface ChannelPredictionStarted {
  readonly predictionId: string;
  readonly title: string;
  readonly outcomes: readonly {
    readonly id: string;
    readonly title: string;
    readonly users?: number;
    readonly points?: number;
  }[];
  readonly winner?: string;
  readonly status?: string;
}

/** `stream.online`: The stream began. */
export interface StreamOnline {
  readonly startedAt?: string;
  readonly url?: string;
  readonly account?: string;
}

/** `stream.offline`: The stream ended. */
export interface StreamOffline {
  readonly endedAt?: string;
  readonly url?: string;
  readonly account?: string;
}

/** `stream.status`: How the stream is fed. */
export interface StreamStatus {
  readonly incoming?: boolean;
  readonly pushing?: boolean;
  readonly pulling?: boolean;
  readonly accounts?: readonly {
    readonly id: string;
    readonly [name: string]: unknown;
  }[];
}

/** `stream.viewers`: How many are watching. */
export interface StreamViewers {
  readonly count: number;
  readonly account?: string;
}

/** `moderation.ban`: Somebody was banned; their lines are tombstones from now on. */
export interface ModerationBan {
  readonly user: User;
  readonly by?: Person;
  readonly reason?: string;
}

/** `moderation.unban`: A ban was lifted. */
export interface ModerationUnban {
  readonly user: User;
  readonly by?: Person;
  readonly reason?: string;
}

/** `moderation.timeout`: Somebody may not write for a while; their lines are tombstones from now on. */
export interface ModerationTimeout {
  readonly user: User;
  readonly by?: Person;
  readonly reason?: string;
  readonly seconds?: number;
  readonly until?: string;
}

/** `moderation.warning`: Somebody was warned. */
export interface ModerationWarning {
  readonly user: User;
  readonly by?: Person;
  readonly reason?: string;
}

/** `moderation.moderator.added`: Somebody became a moderator. */
export interface ModerationModeratorAdded {
  readonly user: User;
  readonly by?: Person;
}

/** `moderation.moderator.removed`: Somebody is no longer a moderator. */
export interface ModerationModeratorRemoved {
  readonly user: User;
  readonly by?: Person;
}

/** `moderation.vip.added`: Somebody became a VIP. */
export interface ModerationVipAdded {
  readonly user: User;
  readonly by?: Person;
}

/** `moderation.vip.removed`: Somebody is no longer a VIP. */
export interface ModerationVipRemoved {
  readonly user: User;
  readonly by?: Person;
}

/** `interaction.input`: A viewer used a component of the interface. */
export interface InteractionInput {
  readonly view: "video_overlay" | "panel" | "mobile";
  readonly component: string;
  readonly user?: User;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** `interaction.mouse`: A viewer used the mouse over the video. */
export interface InteractionMouse {
  readonly button: "down" | "up";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly user?: User;
}

/** `chest.giveaway.started`: A treasure chest is given away. */
export interface ChestGiveawayStarted {
  readonly value?: string;
  readonly endsAt?: string;
}

/** `chest.giveaway.ended`: A treasure chest was given away. */
export interface ChestGiveawayEnded {
  readonly value?: string;
  readonly winners?: readonly Person[];
}

/** `chest.value.updated`: A treasure chest holds this much now. */
export interface ChestValueUpdated {
  readonly amount: Amount;
}

/** `chest.value.expired`: A part of a treasure chest expired. */
export interface ChestValueExpired {
  readonly amount: Amount;
}

/** `overlay.action`: An overlay was told to do something. */
export interface OverlayAction {
  readonly action: string;
}

/** `overlay.broadcast`: A program spoke to overlays. */
export interface OverlayBroadcast {
  readonly target: string;
  readonly event: string;
  readonly payload: unknown;
}

/** `session.updated`: A figure of the session changed. */
export interface SessionUpdated {
  readonly key: string;
  readonly value: unknown;
}

/** `session.reset`: The session's figures began anew. */
export interface SessionReset {
  readonly session: unknown;
}

/** `connection.closed`: An entry left the connection map. */
export interface ConnectionClosed {
  readonly identifier: string;
  readonly uuid: string;
  readonly reason?: string;
  readonly replaced?: boolean;
}

/** `connection.gap`: A connection is back after an outage, and its provider cannot replay: events between may be missing. */
export interface ConnectionGap {
  readonly identifier: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
}

/** `webhook.failing`: An endpoint has been failing for a while: it is tried with one delivery at a time. */
export interface WebhookFailing {
  readonly webhookId: string;
  readonly host: string;
  readonly since: string;
  readonly attempts: number;
}

/** `webhook.recovered`: A failing endpoint takes deliveries again. */
export interface WebhookRecovered {
  readonly webhookId: string;
  readonly host: string;
  readonly failedSince: string;
}

/** `webhook.disabled`: An endpoint is sent nothing any more: it said that it is gone, failed for days, or its owner asked for it. */
export interface WebhookDisabled {
  readonly webhookId: string;
  readonly host: string;
  readonly reason: "gone" | "failing" | "requested";
}

/** `provider.event`: The provider said something we have no word for. Its payload is the event's raw. */
export interface ProviderEvent {
  readonly nativeType: string;
  readonly payload: unknown;
}

export interface Status {
  readonly channel: string;
  readonly position: string;
  readonly stream: {
    readonly live: boolean | null;
    readonly since: string | null;
    readonly viewers: number | null;
  };
  readonly providers: readonly {
    readonly id: string;
    readonly protocol: string;
    readonly phase: "idle" | "dialling" | "open" | "waiting" | "stopped";
    readonly since: string | null;
    readonly reason: string | null;
    readonly detail: string | null;
    readonly attempts: number;
    readonly nextDialAt: string | null;
    readonly lastFrameAt: string | null;
    readonly rejected: number;
    /** The last unreadable frames; for channels:manage. */
    readonly rejects?: readonly {
      readonly at: string;
      readonly problem: string;
      readonly start: string;
    }[];
    /** Identifiers of the connections that it tells of. */
    readonly connections: readonly string[];
  }[];
  readonly history: {
    readonly position: string;
    readonly lagEvents: number;
    readonly lagMs: number;
    readonly erasures: number;
    readonly failures: number;
    readonly lastError: string | null;
  };
  readonly sockets: {
    readonly count: number;
    readonly byProtocol: Readonly<Record<string, number>>;
  };
  readonly counters: {
    readonly since: string;
    readonly events: number;
    readonly repeats: number;
    /** Tellings that were joined with another provider's, by rule: `exact`, or the type that was told alike. */
    readonly merged: Readonly<Record<string, number>>;
    readonly delivered: number;
    readonly shed: number;
    readonly rejected: number;
    readonly journalRowsWritten: number;
    readonly historyRowsWritten: number;
    /** Events that history refused as they are, and has without their data or their provider's words. */
    readonly historyReduced: number;
    readonly [name: string]: unknown;
  };
}
