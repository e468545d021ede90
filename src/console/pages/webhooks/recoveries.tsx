import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { NewRecovery, Recovery } from "../../api/types.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { Badge, Section, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

const HOUR_MS = 3_600_000;

/** Lists what was brought again, or is being brought. */
export function Recoveries({ id, hook }: { id: string; hook: string }) {
  const path = at`/channels/${id}/webhooks/${hook}/recoveries`;
  const { data, error, again } = useAsked<readonly Recovery[]>(path, {
    isList: true,
    everyMs: 3_000,
  });
  const [isAsking, setAsking] = useState(false);
  const cancel = useDoing(async (recovery: string) => {
    await ask(`${path}/${recovery}/cancel`, { method: "POST" });
    again();
  });
  return (
    <Section
      title="Recover"
      about="Events of a time, delivered once more: those that failed, those that were never sent, or all."
      actions={<Button onClick={() => setAsking(true)}>Recover a time</Button>}
    >
      <ProblemBox error={error ?? cancel.error} again={again} />
      <ul class="rows">
        {(data ?? []).map((recovery) => {
          const { count, delivered, failed, status, only } = recovery;
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
      {isAsking ? (
        <RecoverDialog
          path={path}
          onClose={() => {
            setAsking(false);
            again();
          }}
        />
      ) : null}
    </Section>
  );
}

const SPANS = [
  ["1", "The last hour"],
  ["6", "The last six hours"],
  ["24", "The last day"],
  ["168", "The last week"],
  ["own", "From … to …"],
] as const;

function RecoverDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const [span, setSpan] = useState("1");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [only, setOnly] = useState<NonNullable<NewRecovery["only"]>>("failed");
  const { run, isBusy, error } = useDoing(async () => {
    const body: NewRecovery =
      span === "own"
        ? {
            only,
            since: new Date(since).toISOString(),
            ...(until !== "" && { until: new Date(until).toISOString() }),
          }
        : { only, since: new Date(Date.now() - Number(span) * HOUR_MS).toISOString() };
    await ask(path, { method: "POST", body });
    tell("It is on its way");
    onClose();
  });
  return (
    <Dialog title="Recover a time" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <SelectField label="Time" value={span} onInput={setSpan} options={SPANS} />
        {span === "own" ? (
          <>
            <TextField
              label="From"
              type="datetime-local"
              value={since}
              onInput={setSince}
              required
            />
            <TextField label="To" type="datetime-local" value={until} onInput={setUntil} optional />
          </>
        ) : null}
        <SelectField
          label="Which"
          value={only}
          onInput={(value) => setOnly(value as typeof only)}
          options={[
            ["failed", "Those that failed"],
            ["missing", "Those that were never sent"],
            ["all", "All, also those that it has"],
          ]}
        />
        <ProblemBox error={error} again={() => void run()} />
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={isBusy}
            disabled={span === "own" && since === ""}
          >
            Recover
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
