import { useEffect, useRef, useState } from "preact/hooks";

import { onEvents } from "../../state/log.ts";
import type { OverlayKind } from "../../text/overlays.ts";

const BACKDROPS = [
  ["dark", "Dark"],
  ["light", "Light"],
  ["checks", "Checks"],
  ["own", "Picture"],
] as const;

/** Settings are typed letter by letter: the page is loaded once they rest. */
const REST_MS = 350;

/**
 * The real page, in a frame without an origin: it reaches neither the console's storage nor the
 * relay. Its events are made up, or those that the console hands in.
 */
export function Preview({ kind, address }: { kind: OverlayKind; address: string }) {
  const [backdrop, setBackdrop] = useState<string>("dark");
  const [picture, setPicture] = useState<string | null>(null);
  const [isReal, setReal] = useState(false);
  const [shown, setShown] = useState(address);
  const [scale, setScale] = useState(0.6);
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);

  useEffect(() => {
    const timer = setTimeout(() => setShown(address), REST_MS);
    return () => clearTimeout(timer);
  }, [address]);
  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      setScale(Math.min(1, current.clientWidth / kind.width, 440 / kind.height));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [kind]);
  useEffect(() => {
    if (!isReal) return;
    // It has no origin that could be named: whatever it is given is public on this stream.
    return onEvents((events) => frame.current?.contentWindow?.postMessage({ events }, "*"));
  }, [isReal]);

  const url = new URL(shown);
  url.searchParams.set("demo", isReal ? "static" : "on");
  return (
    <div class="preview">
      <div class="row">
        <div class="segments" role="group" aria-label="Backdrop">
          {BACKDROPS.map(([id, label]) => (
            <button
              key={id}
              type="button"
              aria-pressed={backdrop === id}
              onClick={() => setBackdrop(id)}
            >
              {label}
            </button>
          ))}
        </div>
        <span class="spacer" />
        <label class="letters">
          <input
            type="checkbox"
            checked={isReal}
            onChange={(event) => setReal(event.currentTarget.checked)}
          />{" "}
          Events of this channel
        </label>
      </div>
      {backdrop === "own" ? (
        <input
          type="file"
          accept="image/*"
          aria-label="A picture, which stays in this browser"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) readPicture(file, setPicture);
          }}
        />
      ) : null}
      <div
        ref={box}
        class={`preview-box ${backdrop}`}
        style={{
          height: `${kind.height * scale}px`,
          ...(backdrop === "own" && picture !== null && { backgroundImage: `url("${picture}")` }),
        }}
      >
        <iframe
          ref={frame}
          key={`${isReal}`}
          title={`Preview of ${kind.title}`}
          sandbox="allow-scripts"
          src={url.pathname + url.search}
          style={{
            width: `${kind.width}px`,
            height: `${kind.height}px`,
            transform: `scale(${scale})`,
            marginLeft: `max(0px, calc(50% - ${(kind.width * scale) / 2}px))`,
          }}
        />
      </div>
    </div>
  );
}

/** A picture as an address of its own data: the policy lets no other in. */
function readPicture(file: File, take: (address: string) => void): void {
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    if (typeof reader.result === "string") take(reader.result);
  });
  reader.readAsDataURL(file);
}
