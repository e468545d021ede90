import { useRef, useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Token } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Secret } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

/** Makes a token that runs out by itself, for a page or a try. */
export function TokenDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [ttl, setTtl] = useState("3600");
  const [rights, setRights] = useState("events:read");
  const [until, setUntil] = useState<string | null>(null);
  const token = useRef("");
  const { run, isBusy, error } = useDoing(async () => {
    const made = await ask<Token>(at`/channels/${id}/tokens`, {
      method: "POST",
      body: { scopes: rights.split(" "), ttlSeconds: Number(ttl), name: "console" },
    });
    token.current = made.token;
    setUntil(made.expiresAt);
  });
  return (
    <Dialog title="A token" onClose={onClose} isFirm={until !== null}>
      {until === null ? (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <p>
            It holds for a while and cannot be revoked alone: it ends with the key that made it.
          </p>
          <SelectField
            label="It may"
            value={rights}
            onInput={setRights}
            options={[
              ["events:read", "read events"],
              ["events:read chat:write", "read events and write in chats"],
              ["events:read events:write", "read and post events"],
            ]}
          />
          <SelectField
            label="It holds"
            value={ttl}
            onInput={setTtl}
            options={[
              ["600", "ten minutes"],
              ["3600", "an hour"],
              ["43200", "twelve hours"],
            ]}
          />
          <ProblemBox error={error} again={() => void run()} />
          <div class="row end">
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={isBusy}>
              Make the token
            </Button>
          </div>
        </form>
      ) : (
        <div class="stack">
          <p>
            It holds until <Time at={until} seconds />.
          </p>
          <Secret read={() => token.current} what="Token" />
          <div class="row end">
            <Button kind="primary" onClick={onClose}>
              I have it
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
