import type { SourceKind } from "../../text/sources.ts";

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
