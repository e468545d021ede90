import { useEffect, useRef } from "preact/hooks";

import { ask } from "../../api/call.ts";
import type { ShownKey } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Secret } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

/** The name of a dock's key, by which it is found again. */
export const DOCK_KEY = "OBS dock";

interface Props {
  readonly id: string;
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Makes a key for a dock of OBS, and shows the dock's address once. */
export function DockDialog({ id, onMade, onClose }: Props) {
  // The address has the key in it: it is in no state that anything else could show.
  const address = useRef("");
  const { run, isBusy, error } = useDoing(async () => {
    const made = await ask<ShownKey>("/keys", {
      method: "POST",
      body: {
        name: DOCK_KEY,
        scopes: ["events:read", "events:write", "chat:write"],
        channels: [id],
      },
    });
    address.current = `${location.origin}/dock?channel=${encodeURIComponent(id)}#${made.key}`;
    onMade();
  });
  useEffect(() => void run(), []);
  return (
    <Dialog title="Chat in a dock of OBS" onClose={onClose} isFirm={address.current !== ""}>
      <div class="stack">
        <ol class="steps">
          <li>Copy the address.</li>
          <li>
            In OBS open <strong>Docks → Custom Browser Docks</strong>.
          </li>
          <li>Give it a name, and paste the address beside it.</li>
        </ol>
        {address.current === "" || isBusy ? null : (
          <Secret read={() => address.current} what="Address of the dock" />
        )}
        <ProblemBox error={error} again={() => void run()} />
        <p class="help">
          The address has a key in it, of this channel alone. It is named “OBS dock” under Access,
          where it can be revoked.
        </p>
        <div class="row end">
          <Button onClick={onClose}>{address.current === "" ? "Close" : "I have it"}</Button>
        </div>
      </div>
    </Dialog>
  );
}
