/*
 * What is subscribed to, so that everything is heard and nothing twice. Left out, since others tell of
 * the same without an id in common: `channel.subscribe`, `channel.subscription.message` and
 * `channel.subscription.gift` beside the chat's notices, `channel.cheer` beside `channel.bits.use`.
 * Left out as no matter of the channel: whispers, users, drops, extensions, authorizations, conduits.
 */

/** The people whom a condition names: the broadcaster, and the token's user as moderator or reader. */
type Condition = "B" | "BM" | "BU" | "to" | "from";

/** A type of event that is subscribed to. */
export interface Wanted {
  /** Names it among the others: its type, but for raids, which are two. */
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly condition: Condition;
  /** Scopes that the token must have. One to manage is as good as the one to read. */
  readonly scopes: readonly string[];
  /** Wanted only where this one is refused, which tells of the same and more. */
  readonly insteadOf?: string;
}

type Row = readonly [condition: Condition, scopes: string, types: string, insteadOf?: string];

const MODERATE = "channel.moderate@2";

// In the order in which they are asked for: the chat first.
const ROWS: readonly Row[] = [
  [
    "BU",
    "user:read:chat",
    "channel.chat.message channel.chat.notification channel.chat.message_delete channel.chat.clear channel.chat.clear_user_messages channel.chat_settings.update channel.chat.user_message_hold channel.chat.user_message_update",
  ],
  [
    "BM",
    "moderator:read:blocked_terms moderator:read:chat_settings moderator:read:unban_requests moderator:read:banned_users moderator:read:chat_messages moderator:read:warnings moderator:read:moderators moderator:read:vips",
    MODERATE,
  ],
  ["BM", "moderator:read:followers", "channel.follow@2"],
  ["B", "channel:read:subscriptions", "channel.subscription.end"],
  ["B", "bits:read", "channel.bits.use channel.custom_power_up_redemption.add"],
  ["to", "", "channel.raid"],
  ["from", "", "channel.raid"],
  ["B", "", "stream.online stream.offline channel.update@2"],
  [
    "B",
    "channel:read:redemptions",
    "channel.channel_points_custom_reward_redemption.add channel.channel_points_custom_reward_redemption.update channel.channel_points_automatic_reward_redemption.add@2 channel.channel_points_custom_reward.add channel.channel_points_custom_reward.update channel.channel_points_custom_reward.remove",
  ],
  ["B", "channel:moderate", "channel.ban channel.unban", MODERATE],
  ["B", "moderation:read", "channel.moderator.add channel.moderator.remove", MODERATE],
  ["B", "channel:read:vips", "channel.vip.add channel.vip.remove", MODERATE],
  ["BM", "moderator:read:warnings", "channel.warning.send", MODERATE],
  ["BM", "moderator:read:warnings", "channel.warning.acknowledge"],
  [
    "BM",
    "moderator:read:unban_requests",
    "channel.unban_request.create channel.unban_request.resolve",
  ],
  [
    "BM",
    "moderator:read:suspicious_users",
    "channel.suspicious_user.message channel.suspicious_user.update",
  ],
  [
    "BM",
    "moderator:manage:automod",
    "automod.message.hold@2 automod.message.update@2 automod.terms.update",
  ],
  ["BM", "moderator:read:automod_settings", "automod.settings.update"],
  ["BM", "moderator:read:shield_mode", "channel.shield_mode.begin channel.shield_mode.end"],
  ["B", "channel:read:ads", "channel.ad_break.begin"],
  [
    "B",
    "channel:read:hype_train",
    "channel.hype_train.begin@2 channel.hype_train.progress@2 channel.hype_train.end@2",
  ],
  ["B", "channel:read:goals", "channel.goal.begin channel.goal.progress channel.goal.end"],
  ["B", "channel:read:polls", "channel.poll.begin channel.poll.progress channel.poll.end"],
  [
    "B",
    "channel:read:predictions",
    "channel.prediction.begin channel.prediction.progress channel.prediction.lock channel.prediction.end",
  ],
  [
    "B",
    "channel:read:charity",
    "channel.charity_campaign.donate channel.charity_campaign.start channel.charity_campaign.progress channel.charity_campaign.stop",
  ],
  ["BM", "moderator:read:shoutouts", "channel.shoutout.create channel.shoutout.receive"],
  ["B", "", "channel.shared_chat.begin channel.shared_chat.update channel.shared_chat.end"],
  [
    "BM",
    "channel:read:guest_star",
    "channel.guest_star_session.begin@beta channel.guest_star_session.end@beta channel.guest_star_guest.update@beta channel.guest_star_settings.update@beta",
  ],
];

export const WANTED: readonly Wanted[] = ROWS.flatMap(([condition, scopes, types, insteadOf]) =>
  types.split(" ").map((each): Wanted => {
    const [type = "", version = "1"] = each.split("@");
    const direction = condition === "to" ? ":in" : condition === "from" ? ":out" : "";
    return {
      name: type + direction,
      type,
      version,
      condition,
      scopes: scopes === "" ? [] : scopes.split(" "),
      ...(insteadOf !== undefined && { insteadOf: insteadOf.split("@")[0] ?? "" }),
    };
  }),
);

const BY_NAME: ReadonlyMap<string, Wanted> = new Map(WANTED.map((each) => [each.name, each]));

export function findWanted(name: string): Wanted | undefined {
  return BY_NAME.get(name);
}

/** The scopes that a log-in asks for: to read all of it, and to write in the chat. */
export const LOG_IN_SCOPES: readonly string[] = [
  ...new Set(WANTED.flatMap(({ scopes }) => scopes)),
  "user:write:chat",
];

/** The scopes that a token lacks for it. */
export function listMissing({ scopes }: Wanted, granted: readonly string[]): string[] {
  return scopes.filter(
    (scope) => ![scope, scope.replace(":read:", ":manage:")].some((each) => granted.includes(each)),
  );
}

/** The people of a subscription: whose channel it is, and whose token. */
export interface People {
  readonly broadcasterId: string;
  readonly userId: string;
}

export function makeCondition(
  { condition }: Wanted,
  { broadcasterId, userId }: People,
): Record<string, string> {
  switch (condition) {
    case "B":
      return { broadcaster_user_id: broadcasterId };
    case "BM":
      return { broadcaster_user_id: broadcasterId, moderator_user_id: userId };
    case "BU":
      return { broadcaster_user_id: broadcasterId, user_id: userId };
    case "to":
      return { to_broadcaster_user_id: broadcasterId };
    case "from":
      return { from_broadcaster_user_id: broadcasterId };
  }
}
