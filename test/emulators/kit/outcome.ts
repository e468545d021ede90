/** What an action made: the names to look for afterwards. What does not apply is absent. */
export interface Outcome {
  /** False when it was said and reached nobody. */
  readonly heard?: boolean;
  /** The native ids of what was said, in order. */
  readonly keys?: readonly string[];
  /** How many items or frames it was, where there may be many. */
  readonly count?: number;
  readonly elapsedMs?: number;
  /** Restream: the connection it was about, and the uuid that connection has now. */
  readonly identifier?: string;
  readonly uuid?: string;
  readonly replyUuid?: string;
  readonly refreshToken?: string;
}
