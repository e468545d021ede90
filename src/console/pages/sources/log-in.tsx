import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Authorization, Provider } from "../../api/types.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { cleanGiven, makeLink } from "../../state/forms.ts";
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
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  // What is linked already keeps its target; at a device the account's own channel is linked.
  const targets =
    changing === null && !isDevice ? kind.fields.filter((each) => each.in === "target") : [];
  const [begun, setBegun] = useState<Authorization | null>(null);
  const own = begun === null ? null : `${path}/${encodeURIComponent(begun.id)}`;
  const asked = useAsked<Authorization>(own, { everyMs: 2_000 });
  const now = asked.data ?? begun;
  const hasOwnApp = kind.hasOwnApp === true;
  const isFilled =
    hasOwnApp || (clientId.trim() !== "" && (isDevice || clientSecret.trim() !== ""));
  const { run, isBusy, error } = useDoing(async () => {
    const body = {
      protocol: kind.protocol,
      ...(!hasOwnApp && { clientId: clientId.trim() }),
      ...(!hasOwnApp && !isDevice && { clientSecret: clientSecret.trim() }),
      ...(changing !== null && { provider: changing.id }),
      ...(targets.length > 0 && {
        target: makeLink(kind, cleanGiven(kind.protocol, given).values).target,
      }),
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
        {isDevice ? null : <Redirect app={hasOwnApp ? "the relay's app" : "your application"} />}
        {targets.map(({ name, label, placeholder, help }) => (
          <TextField
            key={name}
            label={label}
            value={given[name] ?? ""}
            onInput={(value) => setGiven({ ...given, [name]: value })}
            {...(placeholder !== undefined && { placeholder })}
            {...(help !== undefined && { help })}
          />
        ))}
        {hasOwnApp ? null : (
          <TextField
            label="Client id"
            value={clientId}
            onInput={setClientId}
            autofocus
            error={wrongWith(error, "/clientId")}
          />
        )}
        {isDevice || hasOwnApp ? null : (
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
function Redirect({ app }: { readonly app: string }) {
  const redirect = `${location.origin}/oauth/callback`;
  return (
    <div class="field">
      <span class="legend">Redirect address for {app}</span>
      <p class="row">
        <code>{redirect}</code>
        <Copy small text={redirect} />
      </p>
    </div>
  );
}
