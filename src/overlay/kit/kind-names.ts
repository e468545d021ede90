/** Kinds of alerts, by the words of an address. */
export const kinds = [
  "follow",
  "subscription",
  "gift",
  "tip",
  "cheer",
  "raid",
  "redemption",
] as const;
export type Kind = (typeof kinds)[number];
