import { useState } from "preact/hooks";

import { ask } from "../../api/call.ts";
import type { NewRecovery } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { fromLocal } from "../../state/local-time.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

const HOUR_MS = 3_600_000;

const HERE = ["here", "From this delivery on"] as const;
const SPANS = [
  ["1", "The last hour"],
  ["6", "The last six hours"],
  ["24", "The last day"],
  ["168", "The last week"],
  ["own", "From … to …"],
] as const;

type Only = NonNullable<NewRecovery["only"]>;

const ONLY: readonly (readonly [Only, string])[] = [
  ["failed", "Those that failed"],
  ["missing", "Those that were never sent"],
  ["all", "All, also those that it has"],
];

const HELP: Readonly<Record<Only, string>> = {
  failed: "What was given up on. What still waits for its next try is tried at once.",
  missing: "What happened while it was disabled, or what its filter left out before.",
  all: "Both, and what it has had: it drops what it knows by the header webhook-id.",
};

interface Props {
  /** The address of the webhook's recoveries. */
  readonly path: string;
  /** The place behind which the event is from which on it is, where one was picked. */
  readonly after: string | null;
  readonly onClose: () => void;
}

/** Asks what of which time is to be brought again. */
export function RecoverDialog({ path, after, onClose }: Props) {
  const [span, setSpan] = useState(after === null ? "1" : "here");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [only, setOnly] = useState<Only>("failed");
  const { run, isBusy, error } = useDoing(async () => {
    const body: NewRecovery =
      span === "here" && after !== null
        ? { only, after }
        : span === "own"
          ? {
              only,
              since: fromLocal(since),
              ...(until !== "" && { until: fromLocal(until) }),
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
        <SelectField
          label="Time"
          value={span}
          onInput={setSpan}
          options={after === null ? SPANS : [HERE, ...SPANS]}
        />
        {span === "own" ? (
          <>
            <TextField
              label="From"
              type="datetime-local"
              step={1}
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
          onInput={(value) => setOnly(value as Only)}
          options={ONLY}
          help={HELP[only]}
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
