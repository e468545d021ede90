import { useEffect } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Recovery } from "../../api/types.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Badge, Section, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

/** Lists what was brought again, or is being brought. */
export function Recoveries(props: {
  readonly id: string;
  readonly hook: string;
  /** Moves when one was begun. */
  readonly count: number;
  readonly onRecover: () => void;
}) {
  const { id, hook, count: begun, onRecover } = props;
  const path = at`/channels/${id}/webhooks/${hook}/recoveries`;
  const { data, error, again } = useAsked<readonly Recovery[]>(path, {
    isList: true,
    everyMs: 3_000,
  });
  useEffect(() => {
    if (begun > 0) again();
  }, [begun]);
  const cancel = useDoing(async (recovery: string) => {
    await ask(`${path}/${recovery}/cancel`, { method: "POST" });
    again();
  });
  return (
    <Section
      title="Recover"
      about="Events of a time, delivered once more: those that failed, those that were never sent, or all."
      actions={<Button onClick={onRecover}>Recover a time</Button>}
    >
      <ProblemBox error={error ?? cancel.error} again={again} />
      <ul class="rows">
        {(data ?? []).map((recovery) => {
          const { count, delivered, failed, status, only, gap } = recovery;
          const isOn = status === "counting" || status === "running";
          return (
            <li key={recovery.id}>
              <Badge tone={isOn ? "wait" : status === "done" ? "good" : "calm"}>{status}</Badge>
              <span>
                {only === "all" ? "all" : `the ${only}`}
                {count === null ? "" : `, ${delivered + failed} of ${count}`}
                {failed === 0 ? "" : `, ${failed} failed`}
              </span>
              {count === null || !isOn ? null : (
                <progress
                  value={delivered + failed}
                  max={Math.max(1, count)}
                  aria-label="How far it is"
                />
              )}
              <span class="dim grow">
                <Time at={recovery.createdAt} seconds />
                {gap === null ? null : (
                  <>
                    {" "}
                    · #{placeOf(gap.from)} to #{placeOf(gap.to)} are no longer kept
                  </>
                )}
              </span>
              {isOn ? (
                <Button small isBusy={cancel.isBusy} onClick={() => void cancel.run(recovery.id)}>
                  Cancel
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** The number of an event, of its position. */
function placeOf(position: string): string {
  return position.split("-").at(-1) ?? position;
}
