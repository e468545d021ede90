/* Kinds of events: which are told apart from the many. Pure. */

/** Types that come so often that they hide the others. */
export const NOISE = new Set([
  "interaction.mouse",
  "stream.viewers",
  "connection.updated",
  "session.updated",
  "chest.value.updated",
  "channel.hype_train.progressed",
  "channel.goal.progressed",
  "channel.poll.progressed",
  "channel.prediction.progressed",
]);

/** Types that the alerts' overlay plays. */
export const ALERTS: readonly string[] = [
  "channel.follow",
  "channel.subscription",
  "channel.subscription.gift",
  "channel.tip",
  "channel.cheer",
  "channel.raid",
  "channel.redemption",
];

/** Types that somebody at the stream thanks for, or says something to: the dock lists them. */
export const ACTIVITY: readonly string[] = [
  ...ALERTS,
  "channel.shoutout",
  "channel.hype_train.started",
  "channel.hype_train.ended",
  "channel.goal.started",
  "channel.goal.ended",
  "channel.poll.started",
  "channel.poll.ended",
  "channel.prediction.started",
  "channel.prediction.locked",
  "channel.prediction.ended",
];

/** Types, and families of them, that are rare among the many and matter to whoever streams. */
export const NOTABLE: readonly string[] = [
  ...ACTIVITY,
  "stream.online",
  "stream.offline",
  "moderation.*",
  "connection.gap",
  "webhook.*",
];

/** Tells if a type is one of these, or of a family of these. */
export function isOneOf(type: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) =>
      pattern === "*" ||
      (pattern.endsWith(".*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern),
  );
}
