import { signal } from "@preact/signals";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: "good" | "bad";
}

const toasts = signal<readonly Toast[]>([]);
/** How many dialogs are open: what is outside the topmost is said to nobody. */
export const dialogs = signal(0);

let count = 0;

const GOOD_MS = 4_000;
const BAD_MS = 10_000;

/** Says something for a moment, without taking anybody's place. */
export function tell(text: string, kind: Toast["kind"] = "good"): void {
  const id = ++count;
  toasts.value = [...toasts.value.slice(-2), { id, text, kind }];
  setTimeout(
    () => {
      toasts.value = toasts.value.filter((each) => each.id !== id);
    },
    kind === "good" ? GOOD_MS : BAD_MS,
  );
}

export function Toasts({ isInDialog = false }: { isInDialog?: boolean }) {
  if (!isInDialog && dialogs.value > 0) return null;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, kind }) => (
        <p key={id} class={`toast ${kind}`}>
          {text}
        </p>
      ))}
    </div>
  );
}
