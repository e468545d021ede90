import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Provider } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { listAccounts } from "../../state/accounts.ts";
import { useAsked } from "../../state/asked.ts";
import { connections, readStatus, status } from "../../state/channel.ts";
import { may } from "../../state/session.ts";
import { nameProtocol } from "../../text/protocol-names.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Empty, PageHead, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { LinkDialog } from "./link.tsx";
import { ProtocolCards } from "./protocols.tsx";
import { SourceCard } from "./source-card.tsx";

/** The services that events come from: what state each is in, why, and what to do. */
export function Sources({ id }: { id: string }) {
  const { query, route } = useLocation();
  const mayManage = may("channels:manage", id);
  const { data, error, again } = useAsked<readonly Provider[]>(
    mayManage ? at`/channels/${id}/providers` : null,
    { isList: true },
  );
  const [linking, setLinking] = useState<string | null>("link" in query ? "" : null);
  const [changing, setChanging] = useState<Provider | null>(null);
  const [unlinking, setUnlinking] = useState<Provider | null>(null);
  const health = status.value?.providers ?? [];
  const lacks = mayManage ? undefined : "channels:manage";
  const close = (): void => {
    setLinking(null);
    setChanging(null);
    if ("link" in query) route(formatRoute(id, "sources"), true);
    again();
    void readStatus();
  };
  const shown =
    data ?? health.map(({ id, protocol }) => ({ id, protocol, enabled: true }) as Provider);
  return (
    <>
      <PageHead
        title="Sources"
        about="Services that this channel's events come from."
        actions={
          <Button kind="primary" icon="plus" lacks={lacks} onClick={() => setLinking("")}>
            Link a source
          </Button>
        }
      />
      <ProblemBox error={error} again={again} />
      {mayManage && data === null && error === null ? <Skeleton rows={5} /> : null}
      {shown.length === 0 && (data !== null || !mayManage) ? (
        <Empty icon="sources" title="No source is linked yet">
          <p>Pick the one that your chat and your supporters are on.</p>
        </Empty>
      ) : null}
      {shown.length === 0 && data !== null ? <ProtocolCards onPick={setLinking} /> : null}
      <div class="cards">
        {shown.map((provider) => (
          <SourceCard
            key={provider.id}
            id={id}
            provider={provider}
            health={health.find((each) => each.id === provider.id) ?? null}
            connections={listAccounts(provider, status.value, connections.value)}
            lacks={lacks}
            onChange={() => setChanging(provider)}
            onUnlink={() => setUnlinking(provider)}
            onChanged={again}
          />
        ))}
      </div>
      {linking === null && changing === null ? null : (
        <LinkDialog id={id} protocol={linking ?? ""} changing={changing} onClose={close} />
      )}
      {unlinking === null ? null : (
        <Confirm
          title={`Unlink ${nameProtocol(unlinking.protocol)}`}
          action="Unlink"
          typed={nameProtocol(unlinking.protocol)}
          onConfirm={async () => {
            await ask(at`/channels/${id}/providers/${unlinking.id}`, { method: "DELETE" });
            again();
            void readStatus();
          }}
          onClose={() => setUnlinking(null)}
        >
          <p>
            Its credentials are deleted, and nothing more is heard from it. What was heard stays in
            the log.
          </p>
        </Confirm>
      )}
    </>
  );
}
