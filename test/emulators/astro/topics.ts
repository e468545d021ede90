/** What a client may subscribe to now. */
const currentTopics = [
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
] as const;

/** Found in old text only. */
const bygoneTopics = ["channel.chatbot.timeout", "channel.follow"] as const;

export const topics = [...currentTopics, ...bygoneTopics];
export type Topic = (typeof topics)[number];

export const generations = ["head", "document"] as const;
export type Generation = (typeof generations)[number];

const known: Readonly<Record<Generation, ReadonlySet<string>>> = {
  head: new Set<string>(currentTopics),
  document: new Set<string>(topics),
};

export function isTopicOf(generation: Generation, topic: string): boolean {
  return known[generation].has(topic);
}

/** The notices of the server itself, which nobody subscribes to. */
export const noticeTopic = "astro";
