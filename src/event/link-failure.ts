/**
 * The reason that a provider's dial or socket is of no use, and what can be done about it.
 * `retry`: a fault of the moment. `slow`: the provider wants us to come back later.
 * `renew`: the credentials are used up; fresh ones may work. `stop`: only a person can mend it.
 */
export interface LinkFailure {
  readonly remedy: "retry" | "slow" | "renew" | "stop";
  /** Stable, snake_case: what the connection map shows. */
  readonly reason: string;
  /** A sentence for a person. Never holds a secret. */
  readonly detail: string;
  /** The time that the provider asked us to stay away. */
  readonly retryAfterMs?: number;
  /** The provider itself calls it an error: so does the map, also while it is dialled again. */
  readonly isError?: true;
}
