import { useState } from "preact/hooks";

import { ask, at, type Refused } from "../../api/call.ts";
import type { NewWebhook, ShownWebhook, Webhook } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, SelectField, TextField } from "../../ui/field.tsx";
import { ProblemBox, wrongWith } from "../../ui/problem.tsx";

const FAMILIES = [
  ["chat.*", "Chat"],
  ["channel.*", "Support and channel"],
  ["stream.*", "Stream"],
  ["moderation.*", "Moderation"],
  ["interaction.*", "Interaction"],
  ["connection.*", "Connections"],
  ["custom.*", "Your own"],
] as const;

const listWords = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** The words about one of a list's entries, of a refusal. */
function wrongAbout(error: Refused | null, list: string): string | undefined {
  return error?.problem?.errors?.find(({ pointer }) => pointer?.startsWith(list))?.detail;
}

interface Props {
  readonly id: string;
  readonly changing: Webhook | null;
  readonly onClose: () => void;
  readonly onMade: (secret: () => string) => void;
}

/** A webhook's form: where to, what of, and how. */
export function WebhookForm({ id, changing, onClose, onMade }: Props) {
  const [url, setUrl] = useState(changing?.url ?? "");
  const [types, setTypes] = useState<readonly string[]>(changing?.types ?? []);
  const [more, setMore] = useState(
    (changing?.types ?? []).filter((each) => !FAMILIES.some(([type]) => type === each)).join(", "),
  );
  const [providers, setProviders] = useState((changing?.providers ?? []).join(", "));
  const [platforms, setPlatforms] = useState((changing?.platforms ?? []).join(", "));
  const [ordering, setOrdering] = useState(changing?.ordering ?? "none");
  const [handshake, setHandshake] = useState(changing?.handshake ?? "none");
  const [max, setMax] = useState(String(changing?.batch?.max ?? ""));
  const [wait, setWait] = useState(String(changing?.batch?.waitMs ?? "1000"));
  const [rate, setRate] = useState(String(changing?.ratePerSecond ?? ""));
  const { run, isBusy, error } = useDoing(async () => {
    const own = listWords(more);
    const known = types.filter((each) => FAMILIES.some(([type]) => type === each));
    const body: NewWebhook = {
      url: url.trim(),
      types: [...new Set([...known, ...own])],
      providers: listWords(providers),
      platforms: listWords(platforms),
      ordering,
      handshake,
      batch: Number(max) > 1 ? { max: Number(max), waitMs: Number(wait) } : null,
      ratePerSecond: rate === "" ? null : Number(rate),
    };
    if (changing !== null) {
      await ask(at`/channels/${id}/webhooks/${changing.id}`, { method: "PATCH", body });
      return onClose();
    }
    // The answer has the secret in it: it is handed on, and kept in no state of this form.
    const { secret } = await ask<ShownWebhook>(at`/channels/${id}/webhooks`, {
      method: "POST",
      body,
    });
    onMade(() => secret);
  });
  return (
    <Dialog title={changing === null ? "New webhook" : "Change the webhook"} onClose={onClose} wide>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <TextField
          label="Address"
          value={url}
          onInput={setUrl}
          placeholder="https://example.com/hooks/tributary"
          autofocus
          error={wrongWith(error, "/url")}
        />
        <fieldset class="stack">
          <legend class="legend">Which events</legend>
          <div class="checks">
            <Check
              label="All"
              checked={types.length === 0 && more.trim() === ""}
              onChange={() => {
                setTypes([]);
                setMore("");
              }}
            />
            {FAMILIES.map(([type, label]) => (
              <Check
                key={type}
                label={label}
                checked={types.includes(type)}
                onChange={(checked) =>
                  setTypes(checked ? [...types, type] : types.filter((each) => each !== type))
                }
              />
            ))}
          </div>
          <TextField
            label="Single types"
            value={more}
            onInput={setMore}
            optional
            placeholder="channel.tip, channel.raid"
            error={wrongAbout(error, "/types")}
          />
        </fieldset>
        <div class="group-fields flush">
          <TextField
            label="Platforms"
            value={platforms}
            onInput={setPlatforms}
            optional
            placeholder="twitch, youtube"
            help="Left empty: all."
            error={wrongAbout(error, "/platforms")}
          />
          <TextField
            label="Sources"
            value={providers}
            onInput={setProviders}
            optional
            placeholder="restream, api"
            help="Left empty: all."
            error={wrongAbout(error, "/providers")}
          />
        </div>
        <details>
          <summary>Order, batches, rate and handshake</summary>
          <div class="group-fields flush">
            <SelectField
              label="Order"
              value={ordering}
              onInput={(value) => setOrdering(value as typeof ordering)}
              options={[
                ["none", "As fast as they go"],
                ["channel", "One after another"],
              ]}
            />
            <SelectField
              label="Handshake"
              value={handshake}
              onInput={(value) => setHandshake(value as typeof handshake)}
              options={[
                ["none", "None"],
                ["cloudevents", "CloudEvents: it must agree first"],
              ]}
            />
            <TextField
              label="Events in a delivery"
              type="number"
              value={max}
              onInput={setMax}
              optional
              help="More than one: a batch."
              error={wrongWith(error, "/batch/max")}
            />
            <TextField
              label="Wait for a batch, in ms"
              type="number"
              value={wait}
              onInput={setWait}
              error={wrongWith(error, "/batch/waitMs")}
            />
            <TextField
              label="Deliveries a second at most"
              type="number"
              value={rate}
              onInput={setRate}
              optional
              error={wrongWith(error, "/ratePerSecond")}
            />
          </div>
        </details>
        <ProblemBox
          error={error}
          known={["/url", "/ratePerSecond", "/batch/max", "/batch/waitMs"]}
          again={() => void run()}
        />
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={isBusy} disabled={url.trim() === ""}>
            {changing === null ? "Make it" : "Save"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
