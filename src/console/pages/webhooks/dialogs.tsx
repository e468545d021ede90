import { useState } from "preact/hooks";

import { ask } from "../../api/call.ts";
import type { ShownWebhook } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Ago } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

const GRACES = [
  ["0", "The old one ends at once"],
  ["3600", "An hour"],
  ["86400", "A day"],
  ["604800", "Seven days"],
] as const;

/** Makes a new secret, and says how long the old one signs beside it. */
export function RotateDialog(props: {
  readonly path: string;
  readonly onClose: () => void;
  readonly onRotated: (read: () => string) => void;
}) {
  const { path, onClose, onRotated } = props;
  const [grace, setGrace] = useState("86400");
  return (
    <Confirm
      title="Rotate the secret"
      action="Rotate"
      onClose={onClose}
      onConfirm={async () => {
        const shown = await ask<ShownWebhook>(`${path}/rotate`, {
          method: "POST",
          body: { graceSeconds: Number(grace) },
        });
        // The answer has the secret in it: it is handed on, and kept in no state.
        onRotated(() => shown.secret);
      }}
    >
      <p>
        Until the time is over, deliveries are signed with both the old secret and the new one. Put
        the new one into your program meanwhile.
      </p>
      <SelectField label="How long both sign" value={grace} onInput={setGrace} options={GRACES} />
    </Confirm>
  );
}

/** Switches a webhook on again, and brings what it missed meanwhile. */
export function EnableDialog(props: {
  readonly path: string;
  readonly since: string;
  readonly onClose: () => void;
}) {
  const { path, since, onClose } = props;
  const enable = async (brings: boolean): Promise<void> => {
    await ask(path, { method: "PATCH", body: { enabled: true } });
    if (brings) {
      await ask(`${path}/recoveries`, { method: "POST", body: { since, only: "missing" } });
      tell("What it missed is on its way");
    }
  };
  const alone = useDoing(async () => {
    await enable(false);
    onClose();
  });
  return (
    <Confirm
      title="Enable the webhook"
      action="Enable and bring what it missed"
      onClose={onClose}
      onConfirm={() => enable(true)}
    >
      <p>
        Nothing was kept for it while it was disabled. What happened since <Ago at={since} /> can be
        brought from history, each event once.
      </p>
      <Button isBusy={alone.isBusy} onClick={() => void alone.run()}>
        Enable only
      </Button>
      <ProblemBox error={alone.error} />
    </Confirm>
  );
}
