import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";

import { own } from "../api/own.ts";
import { formatRoute, pages } from "../routes.ts";
import { letters } from "../state/preferences.ts";
import { Dialog } from "../ui/dialog.tsx";

const G_MS = 1_500;

/** A command that a page has: `find`, `next`, `pause` and so on. */
export type Command = "find" | "next" | "previous" | "pause" | "again" | "back";

const COMMANDS: Readonly<Record<string, Command>> = {
  "/": "find",
  j: "next",
  k: "previous",
  " ": "pause",
  T: "again",
  Escape: "back",
};

/** Has a page hear of its commands. */
export function useCommand(hear: (command: Command) => boolean | void): void {
  useEffect(() => {
    const listen = (event: Event): void => {
      const { detail } = event as CustomEvent<{ command: Command; take: () => void }>;
      if (hear(detail.command) !== false) detail.take();
    };
    addEventListener("tributary-command", listen);
    return () => removeEventListener("tributary-command", listen);
  });
}

/** Tells if the focus is where letters are text, or where a space presses. */
function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input, textarea, select, [contenteditable]") !== null) return true;
  return (
    (event.key === " " || event.key === "Enter") &&
    target.closest("button, a, summary, [role=tab]") !== null
  );
}

/** Keys of the whole console, and the list of them. */
export function Keys({ id }: { id: string }) {
  const { route } = useLocation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    let goUntil = 0;
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (document.querySelector("dialog[open]") !== null || isTyping(event)) return;
      const { key } = event;
      if (key !== "Escape" && !letters.value) return;
      if (Date.now() < goUntil) {
        goUntil = 0;
        const page = pages.find(({ letter }) => letter === key);
        if (page !== undefined) {
          event.preventDefault();
          route(formatRoute(id, page.id));
          return;
        }
      }
      if (key === "g") goUntil = Date.now() + G_MS;
      else if (key === "?") setOpen(true);
      else if (key === "t") route(formatRoute(id, "test"));
      else {
        const command = own(COMMANDS, key);
        if (command === undefined) return;
        const detail = { command, take: () => event.preventDefault() };
        dispatchEvent(new CustomEvent("tributary-command", { detail }));
      }
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [id]);
  if (!isOpen) return null;
  const rows: readonly (readonly [string, string])[] = [
    ...pages.map(({ letter, title }) => [`g ${letter}`, title] as const),
    ["Ctrl K", "Another channel"],
    ["/", "Find"],
    ["j / k", "Next and previous row"],
    ["Enter", "Open the row"],
    ["Esc", "Back"],
    ["Space", "Pause and go on"],
    ["t", "Test events"],
    ["Shift T", "The last test once more"],
    ["f / h", "In chat: feature a line, hide it"],
  ];
  return (
    <Dialog title="Keys" onClose={() => setOpen(false)}>
      <dl class="keys">
        {rows.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p class="help">Single letters can be switched off in the menu at the left.</p>
    </Dialog>
  );
}
