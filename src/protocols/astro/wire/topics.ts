/** Every topic of either generation. The last two are the document's own. */
export const TOPICS: readonly string[] = [
  "channel.activities",
  "channel.announcements",
  "channel.chat.message",
  "channel.chatbot.commands",
  "channel.chatbot.counters",
  "channel.chatbot.filters",
  "channel.chatbot.modules",
  "channel.chatbot.modules.emotecombo",
  "channel.chatbot.modules.pyramid",
  "channel.chatbot.status",
  "channel.chatbot.timers",
  "channel.chatstats",
  "channel.contests",
  "channel.giveaways",
  "channel.kvstore.update",
  "channel.loyalty.items",
  "channel.loyalty.redemptions",
  "channel.overlay.action",
  "channel.overlay.broadcast",
  "channel.overlay.update",
  "channel.session.reset",
  "channel.session.update",
  "channel.songrequest",
  "channel.stream.status",
  "channel.tips",
  "channel.tips.moderation",
  "astro",
  "channel.chatbot.timeout",
  "channel.follow",
];

/** The topic that an event's native type is of: the longest that it is, or goes on from. */
export function findTopic(nativeType: string): string | undefined {
  return TOPICS.filter((topic) => nativeType === topic || nativeType.startsWith(`${topic}.`))
    .toSorted((a, b) => b.length - a.length)
    .at(0);
}
