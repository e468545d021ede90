import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";

import type { Channel } from "../api/types.ts";
import { formatRoute } from "../routes.ts";
import { useAsked } from "../state/asked.ts";
import { channel } from "../state/channel.ts";
import { credential } from "../state/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Icon } from "../ui/icons.tsx";
import { Skeleton } from "../ui/parts.tsx";

/** The channel that is open, and the way to another. */
export function Switcher({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen(true);
      }
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
  return (
    <>
      <button type="button" class="switcher" onClick={() => setOpen(true)}>
        <span class="tile-mark" aria-hidden="true">
          {(channel.value?.name ?? id).slice(0, 1).toUpperCase()}
        </span>
        <span class="switcher-name">
          <span class="unseen">Channel: </span>
          {channel.value?.name ?? id}
        </span>
        <Icon name="down" size={14} />
      </button>
      {isOpen ? <Choice onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Choice({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [text, setText] = useState("");
  const { data } = useAsked<readonly Channel[]>(credential.value === null ? null : "/channels", {
    isList: true,
  });
  const found = (data ?? []).filter(({ id, name }) =>
    `${id} ${name}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <Dialog title="Go to a channel" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          if (first === undefined) return;
          onClose();
          route(formatRoute(first.id));
        }}
      >
        <TextField label="Find" type="search" value={text} onInput={setText} autofocus />
        {data === null && credential.value !== null ? <Skeleton /> : null}
        <ul class="choices">
          {found.map(({ id, name }) => (
            <li key={id}>
              <a href={formatRoute(id)} onClick={onClose}>
                <strong>{name}</strong> <span class="dim">{id}</span>
              </a>
            </li>
          ))}
        </ul>
        <a href="/console/" onClick={onClose}>
          All channels, and a new one
        </a>
      </form>
    </Dialog>
  );
}
