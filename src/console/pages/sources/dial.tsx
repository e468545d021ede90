import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import type { Provider } from "../../api/types.ts";
import { listAccounts } from "../../state/accounts.ts";
import { connections, readStatus, status } from "../../state/channel.ts";
import { adviseLink } from "../../text/advice.ts";
import { sayConnection, sayPhase } from "../../text/phases.ts";
import { Button } from "../../ui/button.tsx";
import { Ago, Badge, Platform } from "../../ui/parts.tsx";

interface Props {
  readonly id: string;
  readonly provider: Provider;
  /** The form once more, where the dial came to nothing. */
  readonly children: ComponentChildren;
  readonly onDone: () => void;
}

const LOOK_MS = 1_000;

/** Follows a dial as it happens: what is being done, what was found, or why not. */
export function Dial({ id, provider, children, onDone }: Props) {
  useEffect(() => {
    const timer = setInterval(() => void readStatus(id), LOOK_MS);
    return () => clearInterval(timer);
  }, [id]);
  const health = status.value?.providers.find((each) => each.id === provider.id);
  const own = listAccounts(provider, status.value, connections.value);
  const advice = health === undefined ? null : adviseLink(health.reason);
  const isOpen = health?.phase === "open";
  const hasFailed = !isOpen && advice !== null && advice.calm !== true;
  const said = health === undefined ? null : sayPhase(health);
  return (
    <div class="stack dial">
      <div class="dial-state" role="status" aria-live="polite">
        <Badge tone={said?.tone ?? "wait"}>{said?.word ?? "Dialling…"}</Badge>
        {isOpen && own.length > 0 ? (
          <p>
            It tells of {own.length} {own.length === 1 ? "account" : "accounts"}.
          </p>
        ) : null}
        {isOpen && own.length === 0 ? (
          <p>It is connected, and has told of no account yet.</p>
        ) : null}
        {!isOpen && advice === null ? <p>This takes a few seconds.</p> : null}
        {isOpen || advice === null ? null : (
          <p>
            {advice.words}
            {health?.detail === null ? null : <span class="dim"> {health?.detail}</span>}
            {health?.nextDialAt === null || health?.phase !== "waiting" ? null : (
              <span class="dim">
                {" "}
                Next try <Ago at={health.nextDialAt ?? 0} />.
              </span>
            )}
          </p>
        )}
      </div>
      {own.length === 0 ? null : (
        <ul class="accounts">
          {own.map((connection) => {
            const { tone, word } = sayConnection(connection);
            return (
              <li key={connection.identifier}>
                <Platform name={connection.platform} />
                <bdi class="account-name">{connection.target?.name ?? connection.identifier}</bdi>
                <Badge tone={tone}>{word}</Badge>
              </li>
            );
          })}
        </ul>
      )}
      {hasFailed ? children : null}
      <div class="row end">
        <Button kind={isOpen ? "primary" : "plain"} onClick={onDone}>
          {isOpen ? "Looks right" : "Close, and let it try"}
        </Button>
      </div>
    </div>
  );
}
