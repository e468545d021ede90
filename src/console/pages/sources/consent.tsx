import type { Authorization } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Ago, Badge } from "../../ui/parts.tsx";

interface Props {
  readonly title: string;
  readonly asked: Authorization;
  readonly onBack: () => void;
}

/** A log-in that waits for somebody: where consent is given, and the word to type there, if any. */
export function Consent({ title, asked, onBack }: Props) {
  const { userCode, verificationUri, authorizeUrl, expiresAt } = asked;
  return (
    <div class="stack">
      <div class="dial-state" role="status">
        <Badge tone="wait">Waiting for your consent</Badge>
        {userCode === null ? (
          <p>Say yes on the page of {title}. This goes on by itself then.</p>
        ) : (
          <>
            <p>Type this on the page of {title}, and say yes there. This goes on by itself then.</p>
            <p class="row">
              <code class="user-code">{userCode}</code>
              <Copy small text={userCode} />
            </p>
            <p class="dim">
              It ends <Ago at={expiresAt} />.
            </p>
          </>
        )}
      </div>
      <div class="row end">
        <Button onClick={onBack}>Back</Button>
        <a
          class="button primary"
          href={authorizeUrl ?? verificationUri ?? ""}
          target="_blank"
          rel="noopener noreferrer"
        >
          <span>Open {title}</span>
        </a>
      </div>
    </div>
  );
}
