import { useEffect } from "preact/hooks";

import type { Connection } from "../../../client/events.ts";
import { connections } from "../../state/channel.ts";
import { forgetSending, sendings, sendLine, type Sending } from "../../state/sends.ts";
import { adviseSend } from "../../text/send-advice.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";

/** The name of an account that is written to. */
export function nameTarget(connection: Connection): string {
  return connection.target?.name ?? connection.platform;
}

const DONE_MS = 8_000;

/** The lines that are on their way, and those that did not arrive everywhere. */
export function Outcomes() {
  return (
    <ul class="outcomes" aria-live="polite" aria-label="Lines on their way">
      {sendings.value.slice(-4).map((sending) => (
        <Outcome key={sending.id} sending={sending} />
      ))}
    </ul>
  );
}

function Outcome({ sending }: { sending: Sending }) {
  const { id, text, kind, targets, outcomes, refused } = sending;
  const all = targets.map((target) => outcomes.get(target));
  const isDone = all.every((each) => each?.ok === true);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => forgetSending(id), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDone, id]);
  const failed = [...outcomes.values()].filter((each) => !each.ok);
  const again = failed.filter(({ retryable, reason }) => retryable && reason !== "outcome_unknown");
  const nameOf = (identifier: string): string => {
    const found = connections.value.find((each) => each.identifier === identifier);
    return found === undefined ? identifier : nameTarget(found);
  };
  return (
    <li class={isDone ? "outcome done" : "outcome"}>
      <div class="outcome-head">
        <bdi>{text}</bdi>
        <span class="ticks">
          {targets.map((target) => {
            const outcome = outcomes.get(target);
            const word =
              outcome === undefined ? "on its way" : outcome.ok ? "arrived" : "did not arrive";
            const tone = outcome === undefined ? "wait" : outcome.ok ? "good" : "bad";
            return (
              <span key={target} class={`tick ${tone}`} title={`${nameOf(target)}: ${word}`}>
                <Icon
                  name={outcome === undefined ? "more" : outcome.ok ? "check" : "close"}
                  size={14}
                />
                <span class="unseen">
                  {nameOf(target)}: {word}.
                </span>
              </span>
            );
          })}
        </span>
        {failed.length > 0 || refused !== null ? (
          <Button
            small
            kind="quiet"
            icon="close"
            label="Put it away"
            onClick={() => forgetSending(id)}
          />
        ) : null}
      </div>
      {refused === null ? null : <p class="wrong">{refused}</p>}
      {failed.map((outcome) =>
        outcome.ok ? null : (
          <p key={outcome.target} class="wrong">
            {nameOf(outcome.target)}: {adviseSend(outcome.reason)}
          </p>
        ),
      )}
      {again.length === 0 ? null : (
        <Button
          small
          onClick={() => {
            forgetSending(id);
            void sendLine(
              text,
              kind,
              again.map(({ target }) => target),
            );
          }}
        >
          Again to {again.map(({ target }) => nameOf(target)).join(", ")}
        </Button>
      )}
    </li>
  );
}
