import { useState } from "preact/hooks";

import { ask } from "../../api/call.ts";
import { own } from "../../api/own.ts";
import type { Key } from "../../api/types.ts";
import { useAsked } from "../../state/asked.ts";
import { credential, may } from "../../state/session.ts";
import { sayRights } from "../../text/scopes.ts";
import { snippets } from "../../text/snippets.ts";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Empty, Json, PageHead, Section, Skeleton, Tabs, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { Revocable } from "../../ui/revocable.tsx";
import { tell } from "../../ui/toast.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { OpenSockets } from "./sockets.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** Keys, tokens, and the sockets that are open with them. */
export function Access({ id }: { id: string }) {
  const mayManage = may("keys:manage");
  const { data, error, again } = useAsked<readonly Key[]>(mayManage ? "/keys" : null, {
    isList: true,
  });
  const [isMaking, setMaking] = useState<"key" | "token" | null>(null);
  const lacks = mayManage ? undefined : "keys:manage";
  const keys = (data ?? []).filter(({ channels }) => channels === null || channels.includes(id));
  return (
    <>
      <PageHead
        title="Access"
        actions={
          <>
            <Button
              lacks={may("keys:manage", id) ? undefined : "keys:manage"}
              onClick={() => setMaking("token")}
            >
              New token
            </Button>
            <Button kind="primary" icon="plus" lacks={lacks} onClick={() => setMaking("key")}>
              Make a key for this channel
            </Button>
          </>
        }
      />
      <Section title="Keys" about={sayOwn()}>
        <ProblemBox error={error} again={again} />
        {mayManage && data === null && error === null ? <Skeleton rows={4} /> : null}
        {mayManage ? null : <p class="dim">To see keys, a key needs keys:manage.</p>}
        {data !== null && keys.length === 0 ? (
          <Empty icon="access" title="No key for this channel yet">
            <p>A key of its own for each program can be revoked alone.</p>
          </Empty>
        ) : null}
        {keys.length === 0 ? null : <KeyTable keys={keys} onChanged={again} />}
      </Section>
      <OpenSockets id={id} />
      <Snippets id={id} />
      {isMaking === "key" ? (
        <KeyDialog
          id={id}
          onClose={() => {
            setMaking(null);
            again();
          }}
        />
      ) : null}
      {isMaking === "token" ? <TokenDialog id={id} onClose={() => setMaking(null)} /> : null}
    </>
  );
}

function sayOwn(): string {
  const { value } = credential;
  if (value === null) return "You are looking without a key.";
  return value.kind === "admin"
    ? "You are here with the admin key, which opens everything."
    : `Your own key: ${sayRights(value.scopes, value.channels)}`;
}

function KeyTable({ keys, onChanged }: { keys: readonly Key[]; onChanged: () => void }) {
  const [revoking, setRevoking] = useState<Key | null>(null);
  return (
    <div class="table-box">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">What it may</th>
            <th scope="col">Made</th>
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
                {key.expiresAt === null ? null : (
                  <p class="dim">
                    until <Time at={key.expiresAt} />
                  </p>
                )}
              </td>
              <td>{sayRights(key.scopes, key.channels)}</td>
              <td data-label="Made">
                <Time at={key.createdAt} />
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
            await ask(`/keys/${encodeURIComponent(revoking.id)}`, { method: "DELETE" });
            tell("Revoked");
            onChanged();
          }}
        >
          <p>
            Every program that uses it is refused, its open sockets are closed, and so are those of
            tokens that were made with it.
          </p>
          {revoking.id === credential.value?.id ? (
            <p>
              <strong>It is the key that you are logged in with.</strong>
            </p>
          ) : null}
        </Confirm>
      )}
    </div>
  );
}

const NAMES = [
  ["sdk", "SDK"],
  ["curl", "curl"],
  ["post", "Post an event"],
  ["sse", "SSE"],
  ["socket", "WebSocket"],
] as const;

function Snippets({ id }: { id: string }) {
  const [open, setOpen] = useState<string>("sdk");
  const program = own(
    {
      sdk: snippets.sdk(location.origin, id),
      curl: snippets.curl(location.origin, id),
      post: snippets.post(location.origin, id),
      sse: snippets.sse(location.origin, id),
      socket: snippets.socket(location.origin, id),
    },
    open,
  );
  return (
    <Section
      title="In a program"
      about="With this channel's address. The key is left out: put it into the environment."
      actions={<Copy small text={program ?? ""} />}
    >
      <Tabs label="Programs" tabs={NAMES} open={open} onOpen={setOpen} />
      <Json value={program ?? ""} label="A program" />
      <p class="help">
        All of it is on the pages of the{" "}
        <a href="/v1/docs" target="_blank" rel="noopener noreferrer">
          API
        </a>{" "}
        and of its{" "}
        <a href="/v1/docs/events" target="_blank" rel="noopener noreferrer">
          events
        </a>
        .
      </p>
    </Section>
  );
}
