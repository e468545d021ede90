import { useRef, useState } from "preact/hooks";

import { ask } from "../../api/call.ts";
import type { ShownKey } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { SCOPES, sayRights, SETS, type Scope } from "../../text/scopes.ts";
import { Button } from "../../ui/button.tsx";
import { Secret } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, SelectField, TextField } from "../../ui/field.tsx";
import { ProblemBox, wrongWith } from "../../ui/problem.tsx";

/** Makes a key that is bound to one channel, and shows it once. */
export function KeyDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [name, setName] = useState("");
  const [set, setSet] = useState("work");
  const [scopes, setScopes] = useState<readonly Scope[]>(
    SETS.find((each) => each.id === "work")?.scopes ?? [],
  );
  const [days, setDays] = useState("");
  const [isMade, setMade] = useState(false);
  // The key is in no state that anything else could show.
  const key = useRef("");
  const { run, isBusy, error } = useDoing(async () => {
    const made = await ask<ShownKey>("/keys", {
      method: "POST",
      body: {
        name: name.trim(),
        scopes,
        channels: [id],
        ...(days !== "" && {
          expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
        }),
      },
    });
    key.current = made.key;
    setMade(true);
  });
  return (
    <Dialog
      title={isMade ? "Your new key" : "A key for this channel"}
      onClose={onClose}
      isFirm={isMade}
    >
      {isMade ? (
        <div class="stack">
          <p>It is shown this once. Put it where it is needed, and nowhere else.</p>
          <Secret read={() => key.current} what="Key" />
          <div class="row end">
            <Button kind="primary" onClick={onClose}>
              I have it
            </Button>
          </div>
        </div>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== "") void run();
          }}
        >
          <TextField
            label="Name"
            value={name}
            onInput={setName}
            placeholder="What it is for"
            autofocus
            error={wrongWith(error, "/name")}
          />
          <SelectField
            label="For"
            value={set}
            onInput={(value) => {
              setSet(value);
              setScopes(SETS.find((each) => each.id === value)?.scopes ?? []);
            }}
            options={SETS.map(({ id: value, label }) => [value, label])}
          />
          {set === "own" ? (
            <fieldset class="checks">
              <legend class="unseen">Rights</legend>
              {SCOPES.map(([scope, words]) => (
                <Check
                  key={scope}
                  label={words}
                  checked={scopes.includes(scope)}
                  onChange={(checked) =>
                    setScopes(
                      checked ? [...scopes, scope] : scopes.filter((each) => each !== scope),
                    )
                  }
                />
              ))}
            </fieldset>
          ) : null}
          <p class="help">{sayRights(scopes, [id])}</p>
          <TextField
            label="Days that it holds"
            type="number"
            min={1}
            value={days}
            onInput={setDays}
            optional
            help="Left empty: until it is revoked."
          />
          <ProblemBox error={error} known={["/name"]} again={() => void run()} />
          <div class="row end">
            <Button onClick={onClose}>Cancel</Button>
            <Button
              kind="primary"
              type="submit"
              isBusy={isBusy}
              disabled={name.trim() === "" || scopes.length === 0}
            >
              Make the key
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
