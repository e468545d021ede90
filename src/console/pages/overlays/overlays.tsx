import { useLocation, useRoute } from "preact-iso/router";
import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { OverlayKey } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { useAsked } from "../../state/asked.ts";
import { may } from "../../state/session.ts";
import { overlays } from "../../text/overlays.ts";
import { Confirm } from "../../ui/dialog.tsx";
import { Ago, Empty, PageHead, Section, Skeleton, Tabs, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { Revocable } from "../../ui/revocable.tsx";
import { tell } from "../../ui/toast.tsx";
import { Configurator } from "./configurator.tsx";

const TABS = overlays.map(({ id, title }) => [id, title] as const);

/** The overlays: how each looks, its address, and the keys that are in such addresses. */
export function Overlays({ id }: { id: string }) {
  const { route } = useLocation();
  const { params } = useRoute();
  const kind = overlays.find((each) => each.id === params["kind"]) ?? overlays[0];
  const mayManage = may("keys:manage", id);
  const keys = useAsked<readonly OverlayKey[]>(
    mayManage ? at`/channels/${id}/overlay-keys` : null,
    { isList: true },
  );
  if (kind === undefined) return null;
  return (
    <>
      <PageHead title="Overlays" about="Pages that OBS shows on your stream." />
      <Tabs
        label="Kinds of overlays"
        tabs={TABS}
        open={kind.id}
        onOpen={(next) => route(formatRoute(id, "overlays", next), true)}
      />
      <Configurator key={kind.id} id={id} kind={kind} onKey={keys.again} />
      <Section
        title="Keys of overlays"
        about="One for each source. Whoever sees an address can read this channel with it until its key is revoked."
      >
        <ProblemBox error={keys.error} again={keys.again} />
        {mayManage ? (
          keys.data !== null ? (
            <KeyList id={id} keys={keys.data} onChanged={keys.again} />
          ) : keys.error === null ? (
            <Skeleton rows={3} />
          ) : null
        ) : (
          <p class="dim">To see them, a key needs keys:manage.</p>
        )}
      </Section>
    </>
  );
}

function KeyList(props: {
  readonly id: string;
  readonly keys: readonly OverlayKey[];
  readonly onChanged: () => void;
}) {
  const { id, keys, onChanged } = props;
  const [revoking, setRevoking] = useState<OverlayKey | null>(null);
  if (keys.length === 0) {
    return (
      <Empty icon="access" title="No key yet">
        <p>One is made when you copy an address.</p>
      </Empty>
    );
  }
  return (
    <div class="table-box">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Made</th>
            <th scope="col">Last used</th>
            <th scope="col">
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} class={key.revokedAt === null ? "" : "past"}>
              <td>
                <bdi>{key.name}</bdi>
              </td>
              <td data-label="Made">
                <Time at={key.createdAt} />
              </td>
              <td data-label="Last used">
                {key.lastUsedAt === null ? "never" : <Ago at={key.lastUsedAt} />}
              </td>
              <td>
                <Revocable at={key.revokedAt} onRevoke={() => setRevoking(key)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {revoking === null ? null : (
        <Confirm
          title={`Revoke “${revoking.name}”`}
          action="Revoke"
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await ask(at`/channels/${id}/overlay-keys/${revoking.id}`, { method: "DELETE" });
            tell("Revoked");
            onChanged();
          }}
        >
          <p>
            The source that has this address shows nothing more. Copy a new address, and paste it
            there.
          </p>
        </Confirm>
      )}
    </div>
  );
}
