import type { Hides } from "../kit/moderation.ts";
import { makeLine, type ChatPage, type Line } from "./line.ts";

/** The lines on screen, and those that are about to be. */
export interface Box {
  add(line: Line): void;
  hide(hides: Hides): void;
  readonly clear: () => void;
}

// How long lines are gathered: one layout for what comes at once.
const GATHER_MS = 32;

/**
 * Shows lines: one batch a frame at most, never more than fit. While the page is hidden nothing is
 * made, and only the newest wait.
 */
export function startBox(page: ChatPage): Box {
  const { settings, root, source } = page;
  const { limit, direction, fade } = settings;
  const list = root.appendChild(document.createElement("div"));
  list.className = "lines";
  list.dataset["direction"] = direction;
  list.style.setProperty("--lines", String(settings.lines));
  let waiting: Line[] = [];
  let shown: Line[] = [];
  let drawnAt = 0;
  let isPlanned = false;

  const remove = (nodes: readonly unknown[]): void => {
    shown = shown.filter((line) => {
      if (!nodes.includes(line.node)) return true;
      if (line.node) seen.unobserve(line.node);
      line.node?.remove();
      return false;
    });
  };
  // A line that has left the box goes as well.
  const seen = new IntersectionObserver((entries) => {
    remove(
      entries
        .filter((each) => !each.isIntersecting && each.rootBounds?.height)
        .map(({ target }) => target),
    );
  });
  list.addEventListener("animationend", ({ target, animationName }) => {
    if (animationName === "fade") remove([target]);
  });

  const draw = (): void => {
    isPlanned = false;
    if (document.hidden) return;
    drawnAt = performance.now();
    const now = source.now();
    const made = document.createDocumentFragment();
    for (const line of waiting.slice(-limit)) {
      const left = fade * 1_000 - Math.max(0, now - Date.parse(line.event.recordedtime));
      if (fade && left <= 0) continue;
      const node = makeLine(line, page);
      line.node = node;
      if (fade) {
        node.dataset["fade"] = "";
        node.style.setProperty("--fade", `${left}ms`);
      }
      if (direction === "up") made.append(node);
      else made.prepend(node);
      seen.observe(node);
      shown.push(line);
    }
    waiting = [];
    remove(shown.slice(0, -limit).map(({ node }) => node));
    if (direction === "up") list.append(made);
    else list.prepend(made);
  };
  const plan = (): void => {
    if (isPlanned || document.hidden) return;
    isPlanned = true;
    setTimeout(requestAnimationFrame, Math.max(0, GATHER_MS - performance.now() + drawnAt), draw);
  };
  document.addEventListener("visibilitychange", () => {
    // A frame that was asked for before may never have come.
    isPlanned = false;
    plan();
  });
  return {
    add(line) {
      waiting.push(line);
      if (waiting.length > limit * 2) waiting = waiting.slice(-limit);
      plan();
    },
    hide(hides) {
      waiting = waiting.filter((line) => !hides(line.traces));
      remove(shown.filter((line) => hides(line.traces)).map(({ node }) => node));
    },
    clear() {
      waiting = [];
      remove(shown.map(({ node }) => node));
    },
  };
}
