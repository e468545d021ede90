import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Authorization, Provider } from "../../api/types.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { adviseLink } from "../../text/advice.ts";
import type { SourceKind } from "../../text/sources.ts";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { TextField } from "../../ui/field.tsx";
import { ProblemBox, wrongWith } from "../../ui/problem.tsx";
import { Consent } from "./consent.tsx";
import { Dial } from "./dial.tsx";
import { Where } from "./where.tsx";

interface Props {
  readonly id: string;
  readonly kind: SourceKind;
  readonly changing: Provider | null;
  readonly onClose: () => void;
  /** Back to where it was chosen, where that is not the end of it. */
  readonly onCancel?: () => void;
}

/**
 * Logs in with a service: its consent is asked for beside this, or by a word that is typed there, and
 * the relay gets the tokens.
 */
export function LogIn({ id, kind, changing, onClose, onCancel = onClose }: Props) {
  const path = at`/channels/${id}/providers/authorizations`;
  const isDevice = kind.logIn === "device";
  const [clientId, setClientId] = useState("");
  const [clientSecret, setClientSecret] = useState("");
  const [begun, setBegun] = useState<Authorization | null>(null);
  const own = begun === null ? null : `${path}/${encodeURIComponent(begun.id)}`;
  const asked = useAsked<Authorization>(own, { everyMs: 2_000 });
  const now = asked.data ?? begun;
  const isFilled = clientId.trim() !== "" && (isDevice || clientSecret.trim() !== "");
  const { run, isBusy, error } = useDoing(async () => {
    const body = {
      protocol: kind.protocol,
      clientId: clientId.trim(),
      ...(!isDevice && { clientSecret: clientSecret.trim() }),
      ...(changing !== null && { provider: changing.id }),
    };
    const made = await ask<Authorization>(path, { method: "POST", body });
    setClientSecret("");
    setBegun(made);
  });
  const leave = useDoing(async () => {
    setBegun(null);
    if (own !== null) await ask<null>(own, { method: "DELETE" });
  });

  if (now?.status === "done" && now.provider !== null) {
    const provider = { id: now.provider, protocol: kind.protocol } as Provider;
    return (
      <Dial id={id} provider={provider} onDone={onClose}>
        {null}
      </Dial>
    );
  }
  if (now?.status === "pending") {
    return (
      <Consent title={kind.service ?? kind.title} asked={now} onBack={() => void leave.run()} />
    );
  }
  const advice = adviseLink(now?.reason ?? null);
  return (
    <form
      class="link-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isFilled) void run();
      }}
    >
      <div class="stack">
        {advice === null ? null : (
          <div class="advice" role="alert">
            <p>{advice.words}</p>
            <p class="dim">{now?.detail}</p>
          </div>
        )}
        {isDevice ? null : <Redirect />}
        <TextField
          label="Client id"
          value={clientId}
          onInput={setClientId}
          autofocus
          error={wrongWith(error, "/clientId")}
        />
        {isDevice ? null : (
          <TextField
            label="Client secret"
            type="password"
            autocomplete="new-password"
            value={clientSecret}
            onInput={setClientSecret}
            error={wrongWith(error, "/clientSecret")}
          />
        )}
        <ProblemBox error={error} known={["/clientId", "/clientSecret"]} again={() => void run()} />
        <div class="row end">
          <Button onClick={onCancel}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={isBusy} disabled={!isFilled}>
            Connect
          </Button>
        </div>
      </div>
      <Where kind={kind} steps={kind.logInSteps ?? kind.steps} />
    </form>
  );
}

/** The address that the service sends the browser back to. */
function Redirect() {
  const redirect = `${location.origin}/oauth/callback`;
  return (
    <div class="field">
      <span class="legend">Redirect address for your application</span>
      <p class="row">
        <code>{redirect}</code>
        <Copy small text={redirect} />
      </p>
    </div>
  );
}
