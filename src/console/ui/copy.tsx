import { useRef, useState } from "preact/hooks";

import { Button } from "./button.tsx";
import { tell } from "./toast.tsx";

/** Copies a text; where a page may not, says how it is done by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https a page has no clipboard: the older way, which needs a field for a moment.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    return isCopied;
  }
}

interface CopyProps {
  readonly text: string | (() => string);
  readonly label?: string;
  readonly what?: string;
  readonly kind?: "plain" | "primary" | "quiet";
  readonly small?: boolean;
  readonly onCopied?: () => void;
}

/** Copies something, and says so. */
export function Copy({ text, label = "Copy", what = "", kind, small, onCopied }: CopyProps) {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(typeof text === "function" ? text() : text);
    if (!isCopied) {
      tell("This page may not copy: it is not on https. Show it, and copy it by hand.", "bad");
      return;
    }
    setDone(true);
    tell(what === "" ? "Copied" : `${what} copied`);
    setTimeout(() => setDone(false), 2_000);
    onCopied?.();
  };
  return (
    <Button
      icon={isDone ? "check" : "copy"}
      onClick={() => void copy()}
      {...(kind !== undefined && { kind })}
      {...(small !== undefined && { small })}
    >
      {label}
    </Button>
  );
}

const SHOWN_MS = 10_000;

/**
 * A secret: dots, until it is asked for, and then for ten seconds. It is in no attribute and no text
 * of the page before that.
 */
export function Secret(props: {
  readonly read: () => string;
  readonly what: string;
  readonly onCopied?: () => void;
}) {
  const { read, what, onCopied } = props;
  const [isShown, setShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = (shown: boolean): void => {
    clearTimeout(timer.current);
    setShown(shown);
    if (shown) timer.current = setTimeout(() => setShown(false), SHOWN_MS);
  };
  return (
    <div class="secret">
      <output class="code" aria-label={what}>
        {isShown ? read() : "••••••••••••••••••••••••"}
      </output>
      <div class="row">
        <Copy
          text={read}
          what={what}
          kind="primary"
          {...(onCopied !== undefined && { onCopied })}
        />
        <Button icon="eye" pressed={isShown} onClick={() => show(!isShown)}>
          {isShown ? "Hide" : "Show"}
        </Button>
      </div>
    </div>
  );
}
