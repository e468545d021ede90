import { useState } from "preact/hooks";

import { cleanKey, lookAtKey } from "../api/key-form.ts";
import { BASE, formatRoute } from "../routes.ts";
import { useDoing } from "../state/asked.ts";
import { beginSession, farewell } from "../state/session.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Icon } from "../ui/icons.tsx";
import { ProblemBox } from "../ui/problem.tsx";
import { Demo } from "./demo.tsx";

/** The log-in: one key. Which page was asked for stays in the address. */
export function Login() {
  const [key, setKey] = useState("");
  const { run, isBusy, error } = useDoing(async () => {
    await beginSession(cleanKey(key));
  });
  const look = lookAtKey(key);
  const wrong =
    look === "mistyped"
      ? "There is a typing error in this key, or a part of it is missing."
      : look === "overlay"
        ? "This is the key of an overlay. It can only read one channel's events, and not be logged in with."
        : error?.status === 401
          ? "The relay does not know this key. Was it revoked, or is it another relay's?"
          : undefined;
  return (
    <main class="centre login">
      <div class="card login-card">
        <div class="brand-large">
          <Icon name="logo" size={30} />
          <span>Tributary</span>
        </div>
        <h1>Log in</h1>
        {farewell.value === "" ? null : (
          <p class="farewell" role="status">
            {farewell.value}
          </p>
        )}
        <form
          class="stack"
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            if (look === "key" || look === "other") void run();
          }}
        >
          <input
            type="text"
            name="username"
            autocomplete="username"
            value={location.host}
            hidden
            readOnly
            tabIndex={-1}
          />
          <Field
            label="API key"
            error={wrong}
            help="It is kept in this tab only, and is in no address. Your browser may remember it for you."
          >
            {(tied) => (
              <input
                {...tied}
                type="password"
                name="password"
                autocomplete="current-password"
                value={key}
                autoFocus
                spellcheck={false}
                onInput={(event) => setKey(event.currentTarget.value)}
              />
            )}
          </Field>
          <ProblemBox error={error?.status === 401 ? null : error} again={() => void run()} />
          <Button
            kind="primary"
            type="submit"
            isBusy={isBusy}
            disabled={look === "empty" || look === "mistyped" || look === "overlay"}
          >
            Log in
          </Button>
        </form>
        <Demo href={formatRoute("demo")} />
      </div>
      <p class="aside">
        The key of a relay on this machine is printed by <code>npm start</code>, which also prints
        this address: <code>{`${location.origin}${BASE}`}</code>
      </p>
    </main>
  );
}
