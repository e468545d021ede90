import { clockOffset, lineState, now } from "../state/channel.ts";
import { isReached } from "../state/session.ts";

const CLOCK_MS = 2_000;

/** A bar that says when the relay is away, and when it is tried again. */
export function Away() {
  const state = lineState.value;
  // The seconds count down with it.
  const at = now.value;
  const offset = clockOffset.value ?? 0;
  if (state.name === "waiting") {
    const seconds = Math.max(0, Math.ceil((state.nextAt + offset - at) / 1000));
    return (
      <p class="away" role="status">
        The relay is away, trying again {seconds === 0 ? "now" : `in ${seconds} s`}. What is here
        stays readable.
      </p>
    );
  }
  if (state.name === "stopped" && state.reason.code !== "unauthorized") {
    return (
      <p class="away" role="status">
        Nothing new comes any more: {state.reason.message}
      </p>
    );
  }
  if (!isReached.value) {
    return (
      <p class="away" role="status">
        The relay could not be reached. What is here stays readable.
      </p>
    );
  }
  if (Math.abs(offset) > CLOCK_MS) {
    return (
      <p class="away calm" role="status">
        This machine's clock is {Math.round(Math.abs(offset) / 1000)} s{" "}
        {offset > 0 ? "behind" : "ahead of"} the relay's. Times are shown by the relay's.
      </p>
    );
  }
  return null;
}
