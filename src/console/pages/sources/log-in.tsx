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
import { Badge } from "../../ui/parts.tsx";
import { ProblemBox, wrongWith } from "../../ui/problem.tsx";
import { Dial } from "./dial.tsx";
import { Where } from "./where.tsx";

interface Props {
  readonly id: string;
  readonly kind: SourceKind;
  readonly changing: Provider | null;
  readonly onClose: () => void;
}

/** Logs in with a service: its consent is asked for beside this, and the relay gets the tokens. */
export function LogIn({ id, kind, changing, onClose }: Props) {
  const path = at`/channels/${id}/providers/authorizations`;
  const [clientId, setClientId] = useState("");
  const [clientSecret, setClientSecret] = useState("");
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  // What is linked already keeps its target.
  const targets = changing === null ? kind.fields.filter((each) => each.in === "target") : [];
  const [begun, setBegun] = useState<Authorization | null>(null);
  const asked = useAsked<Authorization>(
    begun === null ? null : `${path}/${encodeURIComponent(begun.id)}`,
    { everyMs: 2_000 },
  );
  const now = asked.data ?? begun;
  const redirect = `${location.origin}/oauth/callback`;
  const { run, isBusy, error } = useDoing(async () => {
    const body = {
      protocol: kind.protocol,
      clientId: clientId.trim(),
      clientSecret: clientSecret.trim(),
      ...(changing !== null && { provider: changing.id }),
      ...(targets.length > 0 && {
        target: makeLink(kind, cleanGiven(kind.protocol, given).values).target,
      }),
    };
    const made = await ask<Authorization>(path, { method: "POST", body });
    setClientSecret("");
    setBegun(made);
  });

  if (now?.status === "done" && now.provider !== null) {
    const provider = { id: now.provider, protocol: kind.protocol } as Provider;
    return (
      <Dial id={id} provider={provider} onDone={onClose}>
        {null}
      </Dial>
    );
  }
  if (now !== null && now.status === "pending") {
    return (
      <div class="stack">
        <div class="dial-state" role="status">
          <Badge tone="wait">Waiting for your consent</Badge>
          <p>Say yes on the page of {kind.title}. This goes on by itself then.</p>
        </div>
        <div class="row end">
          <Button onClick={() => setBegun(null)}>Back</Button>
          <a
            class="button primary"
            href={now.authorizeUrl ?? now.verificationUri ?? ""}
            target="_blank"
            rel="noopener noreferrer"
          >
            <span>Open {kind.title}</span>
          </a>
        </div>
      </div>
    );
  }
  const advice = adviseLink(now?.reason ?? null);
  return (
    <form
      class="link-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (clientId.trim() !== "" && clientSecret.trim() !== "") void run();
      }}
    >
      <div class="stack">
        {advice === null ? null : (
          <div class="advice" role="alert">
            <p>{advice.words}</p>
            <p class="dim">{now?.detail}</p>
          </div>
        )}
        <div class="field">
          <span class="legend">Redirect address for your application</span>
          <p class="row">
            <code>{redirect}</code>
            <Copy small text={redirect} />
          </p>
        </div>
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
        <TextField
          label="Client id"
          value={clientId}
          onInput={setClientId}
          autofocus
          error={wrongWith(error, "/clientId")}
        />
        <TextField
          label="Client secret"
          type="password"
          autocomplete="new-password"
          value={clientSecret}
          onInput={setClientSecret}
          error={wrongWith(error, "/clientSecret")}
        />
        <ProblemBox error={error} known={["/clientId", "/clientSecret"]} again={() => void run()} />
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={isBusy}
            disabled={clientId.trim() === "" || clientSecret.trim() === ""}
          >
            Connect
          </Button>
        </div>
      </div>
      <Where kind={kind} />
    </form>
  );
}
