import { useState } from "preact/hooks";

import type { PublicKeys } from "../../api/types.ts";
import { useAsked } from "../../state/asked.ts";
import { Copy } from "../../ui/copy.tsx";
import { Skeleton, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

/** The public keys of `v1a` signatures, asked for once somebody looks. */
export function PublicKeyList({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, again } = useAsked<PublicKeys>(isOpen ? `${path}/public-key` : null);
  return (
    <details class="section" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Public keys, for a program that is to know no secret</summary>
      <ProblemBox error={error} again={again} />
      {isOpen && data === null && error === null ? <Skeleton rows={1} /> : null}
      <ul class="rows">
        {(data?.keys ?? []).map(({ id, publicKey, retiresAt }) => (
          <li key={id}>
            <code class="grow">{publicKey}</code>
            {retiresAt === null ? null : (
              <span class="dim">
                until <Time at={retiresAt} />
              </span>
            )}
            <Copy small text={publicKey} />
          </li>
        ))}
      </ul>
    </details>
  );
}
