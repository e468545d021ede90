import { useRef, useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { ShownOverlayKey } from "../../api/types.ts";
import { formatAddress, type Values } from "../../state/address.ts";
import { useDoing } from "../../state/asked.ts";
import { channel } from "../../state/channel.ts";
import { may } from "../../state/session.ts";
import type { OverlayKind } from "../../text/overlays.ts";
import { Button } from "../../ui/button.tsx";
import { Copy, copyText, Secret } from "../../ui/copy.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

interface Props {
  readonly id: string;
  readonly kind: OverlayKind;
  readonly values: Values;
  readonly css: string;
  readonly onKey: () => void;
}

/** The address with a key of its own: copied, or dragged onto OBS. The key is in no node of the page. */
export function AddressButtons({ id, kind, values, css, onKey }: Props) {
  const key = useRef<string | null>(null);
  const [hasKey, setHasKey] = useState(false);
  const [isShown, setShown] = useState(false);
  const lacks = may("keys:manage", id) ? undefined : "keys:manage";
  const format = (isLayer: boolean, withKey = true): string =>
    formatAddress(
      {
        origin: location.origin,
        kind: kind.id,
        channel: id,
        values,
        key: withKey ? key.current : null,
        ...(isLayer && {
          layer: {
            name: `${kind.title}, ${channel.value?.name ?? id}`,
            width: kind.width,
            height: kind.height,
            css,
          },
        }),
      },
      kind.table,
    );
  const make = async (): Promise<void> => {
    if (key.current !== null) return;
    const day = new Date().toLocaleDateString([], { day: "numeric", month: "short" });
    const made = await ask<ShownOverlayKey>(at`/channels/${id}/overlay-keys`, {
      method: "POST",
      body: { name: `${kind.id}, ${day}` },
    });
    key.current = made.key;
    setHasKey(true);
    onKey();
  };
  const copy = useDoing(async () => {
    await make();
    if (await copyText(format(false))) tell("Address copied: paste it into OBS");
    else setShown(true);
  });
  const prepare = useDoing(make);
  return (
    <div class="stack">
      <div class="row">
        <Button
          kind="primary"
          icon="copy"
          lacks={lacks}
          isBusy={copy.isBusy}
          onClick={() => void copy.run()}
        >
          Copy address
        </Button>
        {hasKey ? (
          <span
            class="button plain drag"
            draggable
            role="img"
            aria-label="Drag this onto OBS, or copy the address"
            onDragStart={(event) => {
              const address = format(true);
              event.dataTransfer?.setData("text/uri-list", address);
              event.dataTransfer?.setData("text/plain", address);
            }}
          >
            ⠿ Drag this onto OBS
          </span>
        ) : (
          <Button lacks={lacks} isBusy={prepare.isBusy} onClick={() => void prepare.run()}>
            Drag onto OBS
          </Button>
        )}
        <Copy small kind="quiet" text={() => format(false, false)} label="Copy without key" />
      </div>
      <ProblemBox error={copy.error ?? prepare.error} />
      {isShown ? <Secret read={() => format(false)} what="Address of the overlay" /> : null}
      <p class="help">
        {hasKey
          ? "The address has a key in it, of this channel alone and for reading only. What you change here is in what you copy next."
          : "Copying makes a key that can read this channel, and nothing else."}
        {kind.id === "alerts"
          ? " For the sound to be in OBS's mixer, tick “Control audio via OBS” in the source."
          : ""}
      </p>
    </div>
  );
}
