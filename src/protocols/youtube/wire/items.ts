import { z } from "zod";

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
// A number, or the text of one: which of both differs by field and by age of the API.
const count = z.union([z.string(), z.number()]).nullish().catch(null);

function part<S extends z.ZodRawShape>(shape: S) {
  return z.looseObject(shape).nullish().catch(null);
}

const Payment = part({
  amountMicros: count,
  currency: text,
  amountDisplayString: text,
  userComment: text,
  superStickerMetadata: part({ altText: text }),
});

const Gift = part({
  giftName: text,
  jewelsAmount: count,
  comboCount: count,
  giftMetadata: part({ giftName: text, jewelsAmount: count }),
});

const Poll = part({
  metadata: part({
    questionText: text,
    options: z.array(z.unknown()).nullish().catch(null),
    status: text,
  }),
  status: text,
});

/** Somebody whom an item is from. */
export const Author = z.looseObject({
  channelId: text,
  channelUrl: text,
  displayName: text,
  profileImageUrl: text,
  isVerified: flag,
  isChatOwner: flag,
  isChatSponsor: flag,
  isChatModerator: flag,
});
export type Author = z.infer<typeof Author>;

/** Something that happened in a chat: `type` says what, and one of the details tells of it. */
export const Item = z.looseObject({
  id: z.string().min(1),
  snippet: z.looseObject({
    type: z.string().min(1),
    authorChannelId: text,
    publishedAt: text,
    displayMessage: text,
    textMessageDetails: part({ messageText: text }),
    superChatDetails: Payment,
    superStickerDetails: Payment,
    fanFundingEventDetails: Payment,
    newSponsorDetails: part({ memberLevelName: text, isUpgrade: flag }),
    memberMilestoneChatDetails: part({
      memberMonth: count,
      memberLevelName: text,
      userComment: text,
    }),
    membershipGiftingDetails: part({
      giftMembershipsCount: count,
      giftMembershipsLevelName: text,
    }),
    giftMembershipReceivedDetails: part({
      memberLevelName: text,
      gifterChannelId: text,
      associatedMembershipGiftingMessageId: text,
    }),
    giftDetails: Gift,
    giftEventDetails: Gift,
    messageDeletedDetails: part({ deletedMessageId: text }),
    messageRetractedDetails: part({ retractedMessageId: text }),
    userBannedDetails: part({
      bannedUserDetails: part({
        channelId: text,
        channelUrl: text,
        displayName: text,
        profileImageUrl: text,
      }),
      banType: text,
      banDurationSeconds: count,
    }),
    pollDetails: Poll,
  }),
  authorDetails: Author.nullish().catch(null),
});
export type Item = z.infer<typeof Item>;

export const PollOption = z.looseObject({ optionText: z.string(), tally: count });
