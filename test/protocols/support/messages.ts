/** What a socket has been through when a message comes. */
export type Stage =
  | "a new socket"
  | "a socket that was greeted"
  | "a socket on which something was sent";

/** By a frame's name, the events that come of it; none for a sign of life. */
type Become = Readonly<Record<string, string | readonly string[]>>;

/**
 * Every message that a protocol's server sends, and the event that it becomes: with its platform, or
 * with a connection's new status and reason. By what its socket has been through, and by the file of
 * its frame: `<protocol>/frames/<file>.json`.
 */
export type Messages = Readonly<{ [stage in Stage]?: Readonly<Record<string, Become>> }>;
