/**
 * A range that a reader will not get: everything after `from` up to `to`, as positions, and the
 * cause.
 */
export interface Gap {
  readonly from: string;
  readonly to: string;
  /** `slow`: it read too slowly. `expired`: no longer kept. `unknown_position`: not of this log. */
  readonly cause: "slow" | "expired" | "unknown_position";
  /** How many events were left out; null where nobody can know. */
  readonly shed: number | null;
}
