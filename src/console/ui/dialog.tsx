import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { useDoing } from "../state/asked.ts";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";
import { ProblemBox } from "./problem.tsx";
import { dialogs, Toasts } from "./toast.tsx";

const FIRST = ".dialog-body > :not(header) :is(button, input, select, textarea, a):not(:disabled)";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
  /** It shows something that is shown once: neither Escape nor a click beside it ends it. */
  readonly isFirm?: boolean;
}

/** A dialog of the browser's own: it keeps the focus, and gives it back. */
export function Dialog({ title, onClose, children, wide = false, isFirm = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [depth, setDepth] = useState(0);
  useEffect(() => {
    const before = document.activeElement;
    dialogs.value += 1;
    setDepth(dialogs.value);
    const shown = dialog.current;
    shown?.showModal();
    // Not at the way out, but at what it is about.
    if (document.activeElement?.closest("header") !== null)
      shown?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      dialogs.value -= 1;
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    if (!isFirm) return;
    // What had the focus has gone with the form; and a second Escape would close it all the same.
    dialog.current?.focus();
    const keep = (event: KeyboardEvent): void => {
      if (event.key === "Escape") event.preventDefault();
    };
    addEventListener("keydown", keep, { capture: true });
    return () => removeEventListener("keydown", keep, { capture: true });
  }, [isFirm]);
  return (
    <dialog
      ref={dialog}
      class={wide ? "dialog wide" : "dialog"}
      tabIndex={-1}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isFirm) onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current && !isFirm) onClose();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          {isFirm ? null : <Button kind="quiet" icon="close" label="Close" onClick={onClose} />}
        </header>
        {children}
      </div>
      {depth === dialogs.value ? <Toasts isInDialog /> : null}
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly action: string;
  /** A word that has to be typed first. */
  readonly typed?: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks once more before something that cannot be undone. */
export function Confirm({ title, children, action, typed, onConfirm, onClose }: ConfirmProps) {
  const [text, setText] = useState("");
  const { run, isBusy, error } = useDoing(async () => {
    await onConfirm();
    onClose();
  });
  const isReady = typed === undefined || text.trim() === typed;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void run();
        }}
      >
        <div class="prose">{children}</div>
        {typed === undefined ? null : (
          <TextField label={`Type ${typed} to go on`} value={text} onInput={setText} autofocus />
        )}
        <ProblemBox error={error} />
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={isBusy} disabled={!isReady}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
