/** A viewer whose credential holds. */
export interface Viewer {
  /** Stable, and nobody else's on this channel. */
  readonly id: string;
  /** The name that it gives itself; null for none. */
  readonly name: string | null;
  readonly platform: string;
}

/** A call of a viewer's page, as it came in. */
export interface ViewerCall {
  readonly method: string;
  /** The protocol's own path. */
  readonly path: string;
  readonly body: string;
}

/** The answer to a viewer's page, as its protocol has it. */
export interface ViewerAnswer {
  readonly status: number;
  /** The media type of the body. */
  readonly type: string;
  readonly body: string;
}
