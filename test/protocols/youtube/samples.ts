import type { Occurrence, Samples } from "../support/samples.ts";
import end from "./frames/chat-end.json";
import chat from "./frames/chat.json";
import looks from "./frames/looks.json";
import memberships from "./frames/memberships.json";
import moderation from "./frames/moderation.json";
import money from "./frames/money.json";
import other from "./frames/other.json";
import polls from "./frames/polls.json";

export const VIDEO = "otterbrook1";
export const CHANNEL = "UCotterbrook00000000001";
export const CONNECTION = `youtube:${VIDEO}`;

const occurrences = {
  ...chat,
  ...money,
  ...memberships,
  ...moderation,
  ...polls,
  ...end,
  "a kind nobody knows": other["a kind nobody knows"],
};

/** A page with one item, whose id and details are others. */
export function withItem(
  page: { items: { id: string; snippet: object }[] },
  changes: { id?: string; snippet?: object },
): object {
  const [item] = page.items;
  return {
    ...page,
    items: [{ ...item, ...changes, snippet: { ...item?.snippet, ...changes.snippet } }],
  };
}

export const samples: Samples = {
  target: { video: VIDEO },
  claims: [CONNECTION],
  credentials: [
    {
      credentials: {
        clientId: "yt-cl1ent",
        clientSecret: "yt-cl1ent-s3cret",
        refreshToken: "yt-r3fresh-t0ken",
      },
      open: ["yt-cl1ent"],
      inAddress: [],
    },
    { credentials: { apiKey: "yt-4pi-k3y" }, open: [], inAddress: [] },
  ],
  greeting: [looks["a live video"], other["an empty page"]],
  watchdog: "silence",
  occurrences: Object.fromEntries(
    Object.entries(occurrences).map(([name, frame]): [string, Occurrence] => [
      name,
      { frame, connectionId: CONNECTION },
    ]),
  ),
  keyless: [],
  twins: {
    "two messages of the same words": [
      withItem(chat["a text"], { id: "LCC.1" }),
      withItem(chat["a text"], { id: "LCC.2" }),
    ],
    "two payments of the same amount": [
      withItem(money["a Super Chat"], { id: "LCC.1" }),
      withItem(money["a Super Chat"], { id: "LCC.2" }),
    ],
    "two deletions": [
      withItem(moderation["a deletion"], {
        snippet: { messageDeletedDetails: { deletedMessageId: "LCC.1" } },
      }),
      withItem(moderation["a deletion"], {
        snippet: { messageDeletedDetails: { deletedMessageId: "LCC.2" } },
      }),
    ],
  },
};
