import { letters, scheme, type Scheme } from "../state/preferences.ts";
import { credential, endSession, isLoginWanted } from "../state/session.ts";
import { Button } from "../ui/button.tsx";

const SCHEMES: readonly (readonly [Scheme, string])[] = [
  ["auto", "Auto"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Light or dark, whose key it is, and the way out. */
export function AccountMenu({ full = false }: { full?: boolean }) {
  const { value } = credential;
  return (
    <div class={full ? "account full" : "account"}>
      <div class="segments" role="group" aria-label="Colours">
        {SCHEMES.map(([id, label]) => (
          <button
            key={id}
            type="button"
            aria-pressed={scheme.value === id}
            onClick={() => {
              scheme.value = id;
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {full ? (
        <label class="letters">
          <input
            type="checkbox"
            checked={letters.value}
            onChange={(event) => {
              letters.value = event.currentTarget.checked;
            }}
          />{" "}
          Single letters as commands
        </label>
      ) : null}
      {value === null ? (
        <Button
          small
          kind="primary"
          onClick={() => {
            isLoginWanted.value = true;
          }}
        >
          Log in
        </Button>
      ) : (
        <div class="who">
          <span class="who-name" title={value.scopes.join(", ")}>
            {value.name ?? (value.kind === "admin" ? "Admin key" : value.kind)}
          </span>
          <Button
            small
            kind="quiet"
            onClick={() => {
              endSession();
              history.replaceState(null, "", "/console/");
              dispatchEvent(new PopStateEvent("popstate"));
            }}
          >
            Log out
          </Button>
        </div>
      )}
    </div>
  );
}
