/** A channel that is played. */
export interface Broadcaster {
  readonly id: number;
  readonly slug: string;
}

/** What a delivery is to tell of; the rest is invented. */
export interface Told {
  readonly id: string;
  readonly text: string;
  readonly author: string;
  readonly at: string;
}

type Body = Record<string, unknown>;

export function describePerson(name: string, id: number): Body {
  return {
    is_anonymous: false,
    user_id: id,
    username: name,
    is_verified: false,
    profile_picture: `https://files.kick.com/images/user/${id}/fullsize.webp`,
    channel_slug: name.toLowerCase().replaceAll("_", "-"),
    identity: null,
  };
}

/** An id of somebody's own, the same for the same name. */
export function idOf(name: string): number {
  let id = 17;
  for (const character of name) id = (id * 31 + (character.codePointAt(0) ?? 0)) % 50_000_000;
  return 800_000_000 + id;
}

/** The body of an event, by its type, as Kick's documents have it. */
export function writeBody(event: string, { id: ownerId, slug }: Broadcaster, told: Told): Body {
  const broadcaster = describePerson(slug, ownerId);
  const person = describePerson(told.author, idOf(told.author));
  const ends = { created_at: told.at, expires_at: told.at };
  switch (event) {
    case "chat.message.sent":
      return {
        message_id: told.id,
        replies_to: null,
        broadcaster,
        sender: { ...person, identity: { username_color: "#FF5733", badges: [] } },
        content: told.text,
        emotes: null,
        created_at: told.at,
      };
    case "channel.followed":
      return { broadcaster, follower: person };
    case "channel.subscription.new":
    case "channel.subscription.renewal":
      return { broadcaster, subscriber: person, duration: 3, ...ends };
    case "channel.subscription.gifts":
      return {
        broadcaster,
        gifter: person,
        giftees: [describePerson("gift_one", idOf("gift_one"))],
        ...ends,
      };
    case "livestream.status.updated":
      return {
        broadcaster,
        is_live: told.text !== "off",
        title: "Rivers",
        started_at: told.at,
        ended_at: told.text === "off" ? told.at : null,
      };
    case "livestream.metadata.updated":
      return {
        broadcaster,
        metadata: {
          title: told.text,
          language: "en",
          has_mature_content: false,
          category: { id: 15, name: "Just Chatting", thumbnail: "" },
        },
      };
    case "moderation.banned":
      return {
        broadcaster,
        moderator: broadcaster,
        banned_user: person,
        metadata: { reason: told.text, created_at: told.at, expires_at: null },
      };
    case "kicks.gifted":
      return {
        broadcaster,
        sender: person,
        gift: {
          amount: 100,
          name: "Hell Yeah",
          type: "BASIC",
          tier: "BASIC",
          message: told.text,
          pinned_time_seconds: 0,
        },
        created_at: told.at,
      };
    case "channel.reward.redemption.updated":
      return {
        id: told.id,
        user_input: told.text,
        status: "pending",
        redeemed_at: told.at,
        reward: { id: "reward-1", title: "Pick a tune", cost: 100, description: "" },
        redeemer: person,
        broadcaster,
      };
    default:
      return { broadcaster, text: told.text };
  }
}
