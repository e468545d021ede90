/* How long a line may be on each platform, in characters. Pure. */

/**
 * As the platforms say it in their help pages: Twitch's chat API (500), YouTube's live chat API (200),
 * Kick's API (500), DLive's chat (140), Trovo's API (300). What is not listed is not counted.
 */
export const LIMITS: Readonly<Record<string, number>> = {
  twitch: 500,
  youtube: 200,
  kick: 500,
  dlive: 140,
  trovo: 300,
};
