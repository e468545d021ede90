/** Somebody in a chat. */
export interface Somebody {
  readonly name: string;
  readonly channelId: string;
  readonly isOwner?: boolean;
  readonly isModerator?: boolean;
  readonly isMember?: boolean;
}

export const owner: Somebody = { name: "Otterbrook", channelId: "UCotterbrook", isOwner: true };
export const viewer: Somebody = { name: "@heron", channelId: "UCheron" };

/** What is to happen in a chat: a type, its details, and who did it. */
export interface Happening {
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly by?: Somebody;
  readonly id?: string;
  /** When it happened; left out for now. */
  readonly at?: number;
}

export interface Item {
  readonly id: string;
  readonly snippet: Readonly<Record<string, unknown>>;
}

/** Writes an item as the service has it. */
export function writeItem(
  { type, details = {}, by = viewer, at = Date.now() }: Happening,
  id: string,
  chatId: string,
): Item {
  const { name, channelId, isOwner = false, isModerator = false, isMember = false } = by;
  const made = {
    kind: "youtube#liveChatMessage",
    etag: `etag-${id}`,
    id,
    snippet: {
      type,
      liveChatId: chatId,
      authorChannelId: channelId,
      // Six digits after the point, and an offset in numbers.
      publishedAt: new Date(at).toISOString().replace("Z", "000+00:00"),
      hasDisplayContent: true,
      ...details,
    },
    authorDetails: {
      channelId,
      channelUrl: `http://www.youtube.com/channel/${channelId}`,
      displayName: name,
      profileImageUrl: `https://yt3.ggpht.com/${channelId}=s88-c-k`,
      isVerified: false,
      isChatOwner: isOwner,
      isChatSponsor: isMember,
      isChatModerator: isModerator,
    },
  };
  return made;
}

/** Somebody says something. */
export function text(words: string, by?: Somebody): Happening {
  const details = { displayMessage: words, textMessageDetails: { messageText: words } };
  return { type: "textMessageEvent", details, ...(by !== undefined && { by }) };
}

/** Somebody pays. */
export function superChat(micros: string, currency: string, words: string): Happening {
  const superChatDetails = {
    amountMicros: micros,
    currency,
    amountDisplayString: `${currency} ${Number(micros) / 1e6}`,
    userComment: words,
    tier: 2,
  };
  return { type: "superChatEvent", details: { superChatDetails } };
}
