import { explainPlace } from "../../state/place.ts";
import type { SourceKind } from "../../text/sources.ts";
import { Copy } from "../../ui/copy.tsx";

interface Props {
  readonly kind: SourceKind;
  readonly steps?: readonly string[];
}

/** The way to what a form asks for, step by step. */
export function Where({ kind, steps = kind.steps }: Props) {
  return (
    <aside class="where">
      <h3>Where do I find this?</h3>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {kind.hook === undefined ? null : <HookAddress path={kind.hook} />}
      {kind.link === undefined ? null : (
        <p>
          <a href={kind.link.href} target="_blank" rel="noopener noreferrer">
            {kind.link.label}
            <span class="unseen"> (opens beside this)</span>
          </a>
        </p>
      )}
    </aside>
  );
}

/** The address at which the service tells the relay what happens, and whether it can be reached there. */
function HookAddress({ path }: { readonly path: string }) {
  const address = location.origin + path;
  const unreachable = explainPlace(location.protocol, location.hostname);
  return (
    <div class="field">
      <span class="legend">Webhook address of the relay</span>
      <p class="row">
        <code>{address}</code>
        <Copy small text={address} />
      </p>
      {unreachable === null ? null : <p class="help">{unreachable}</p>}
    </div>
  );
}
