import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import { own } from "../../api/own.ts";
import type { Provider } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { readStatus } from "../../state/channel.ts";
import { cleanGiven, listMissing, makeLink, type Given, type Took } from "../../state/forms.ts";
import { sources, type SourceField, type SourceKind } from "../../text/sources.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { ProblemBox, wrongWith } from "../../ui/problem.tsx";
import { Dial } from "./dial.tsx";
import { LogIn } from "./log-in.tsx";
import { ProtocolCards } from "./protocols.tsx";
import { Where } from "./where.tsx";

interface Props {
  readonly id: string;
  readonly protocol: string;
  /** One that is linked already, whose credentials are to be others. */
  readonly changing: Provider | null;
  readonly onClose: () => void;
}

/** Links a source, or changes one: its form, and then what becomes of its dial. */
export function LinkDialog({ id, protocol, changing, onClose }: Props) {
  const [picked, setPicked] = useState(changing?.protocol ?? protocol);
  const [isLoggingIn, setLoggingIn] = useState(false);
  const kind = sources.find((each) => each.protocol === picked);
  const title =
    kind === undefined
      ? "Link a source"
      : changing === null
        ? `Link ${kind.title}`
        : `Change ${kind.title}`;
  return (
    <Dialog title={title} onClose={onClose} wide>
      {kind === undefined ? (
        <ProtocolCards onPick={setPicked} />
      ) : kind.logIn !== undefined && kind.logInWords === undefined ? (
        <>
          <LogIn id={id} kind={kind} changing={changing} onClose={onClose} />
          <details>
            <summary>With a token that you have already</summary>
            <LinkForm id={id} kind={kind} changing={changing} onClose={onClose} />
          </details>
        </>
      ) : isLoggingIn ? (
        <LogIn
          id={id}
          kind={kind}
          changing={changing}
          onClose={onClose}
          onCancel={() => setLoggingIn(false)}
        />
      ) : (
        <>
          {kind.logInWords === undefined ? null : (
            <div class="dial-state">
              <p>{kind.logInWords}</p>
              <Button onClick={() => setLoggingIn(true)}>
                Log in with {kind.service ?? kind.title}
              </Button>
            </div>
          )}
          <LinkForm id={id} kind={kind} changing={changing} onClose={onClose} />
        </>
      )}
    </Dialog>
  );
}

/** The fields as they are at first: of one that is linked, what is no secret. */
function beginWith(kind: SourceKind, changing: Provider | null): Given {
  const known = { ...changing?.target, url: changing?.url ?? "" } as Record<string, unknown>;
  return Object.fromEntries(
    kind.fields.map(({ name, initial = "" }) => {
      const value = known[name];
      // What is linked is known by the name of the account.
      if (name === "named" && changing !== null) return [name, "user"];
      return [name, typeof value === "string" ? value : initial];
    }),
  );
}

function LinkForm(props: {
  readonly id: string;
  readonly kind: SourceKind;
  readonly changing: Provider | null;
  readonly onClose: () => void;
}) {
  const { id, kind, changing, onClose } = props;
  const [given, setGiven] = useState<Given>(() => beginWith(kind, changing));
  const [took, setTook] = useState<Took>({});
  const [linked, setLinked] = useState<Provider | null>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const known = kind.fields.map((field) => pointerOf(field));

  const { run, isBusy, error } = useDoing(async () => {
    const { values } = cleanGiven(kind.protocol, given);
    const link = makeLink(kind, values);
    const before = changing ?? linked;
    const provider =
      before === null
        ? await ask<Provider>(at`/channels/${id}/providers`, {
            method: "POST",
            body: { protocol: kind.protocol, ...link },
          })
        : await ask<Provider>(at`/channels/${id}/providers/${before.id}`, {
            method: "PATCH",
            body: {
              target: link.target,
              url: link.url,
              enabled: true,
              ...(hasSecrets(kind, values) && { credentials: link.credentials }),
            },
          });
    // Whatever was typed stays, but for what is secret.
    setGiven(hideSecrets(kind, values));
    setTook({});
    setLinked(provider);
    void readStatus();
  });

  const submit = (event: Event): void => {
    event.preventDefault();
    const { values, took: taken } = cleanGiven(kind.protocol, given);
    setGiven(values);
    setTook(taken);
    const lacking = changing === null && linked === null ? listMissing(kind, values) : [];
    setMissing(lacking);
    if (lacking.length === 0) void run();
  };

  if (linked !== null && error === null) {
    return (
      <Dial id={id} provider={linked} onDone={onClose}>
        <form class="stack" onSubmit={submit}>
          <Fields
            kind={kind}
            given={given}
            took={took}
            missing={missing}
            onInput={(name, value) => setGiven({ ...given, [name]: value })}
            wrong={() => undefined}
            isChanging
          />
          <div class="row">
            <Button kind="primary" type="submit" isBusy={isBusy}>
              Try again with these
            </Button>
          </div>
        </form>
      </Dial>
    );
  }

  return (
    <form class="link-form" onSubmit={submit}>
      <div class="stack">
        <Fields
          kind={kind}
          given={given}
          took={took}
          missing={missing}
          isChanging={changing !== null || linked !== null}
          wrong={(field) => wrongWith(error, pointerOf(field))}
          onInput={(name, value) => {
            setGiven({ ...given, [name]: value });
            setMissing(missing.filter((each) => each !== name));
          }}
        />
        {kind.note === undefined ? null : <p class="help">{kind.note}</p>}
        <ProblemBox error={error} known={known} again={() => void run()} />
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            {changing === null ? "Link" : "Save and dial"}
          </Button>
        </div>
      </div>
      <Where kind={kind} />
    </form>
  );
}

function pointerOf({ name, in: place }: SourceField): string {
  return place === "url" ? "/url" : `/${place}/${name}`;
}

function hasSecrets(kind: SourceKind, values: Given): boolean {
  return kind.fields.some(
    ({ name, isSecret }) => isSecret === true && (own(values, name) ?? "") !== "",
  );
}

function hideSecrets(kind: SourceKind, values: Given): Given {
  const secret = new Set(kind.fields.filter(({ isSecret }) => isSecret).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secret.has(name) ? "" : value]),
  );
}

function Fields(props: {
  readonly kind: SourceKind;
  readonly given: Given;
  readonly took: Took;
  readonly missing: readonly string[];
  readonly isChanging: boolean;
  readonly wrong: (field: SourceField) => string | undefined;
  readonly onInput: (name: string, value: string) => void;
}) {
  const { kind, given, took, missing, isChanging, wrong, onInput } = props;
  return (
    <>
      {kind.fields.map((field, at) => {
        const { name, label, help, isSecret, isOptional, placeholder, options } = field;
        const error = missing.includes(name) ? "This is needed." : wrong(field);
        const common = {
          label,
          help: isChanging && isSecret === true ? `Left empty, it stays. ${help ?? ""}` : help,
          error,
          note: own(took, name),
          optional: isOptional === true,
          value: own(given, name) ?? "",
          onInput: (value: string) => onInput(name, value),
        };
        return options === undefined ? (
          <TextField
            key={name}
            {...common}
            type={isSecret === true ? "password" : "text"}
            placeholder={placeholder}
            autofocus={at === 0}
            autocomplete={isSecret === true ? "new-password" : "off"}
          />
        ) : (
          <SelectField key={name} {...common} options={options} />
        );
      })}
    </>
  );
}
