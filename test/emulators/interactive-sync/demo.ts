import { smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import type { InteractiveSyncAction } from "./actions.ts";
import { drawName } from "./emits.ts";

type Steps = Iterable<Step<InteractiveSyncAction>>;
type Scene = (chance: Chance) => Steps;

const deck: readonly Card<Scene>[] = [
  { weight: 100, play: press },
  { weight: 25, play: enter },
  { weight: 8, play: choose },
  { weight: 40, play: click },
  { weight: 6, play: rush },
];

/** Viewers for ever: one or two doings a second, and now and then a rush. */
export function* demo(chance: Chance): Steps {
  yield { until: "subscribed>=1", afterMs: 300 };
  for (;;) {
    yield* draw(deck, chance)(chance);
  }
}

function* press(chance: Chance): Steps {
  yield paced(chance, { action: "input", username: drawName(chance) });
}

function* enter(chance: Chance): Steps {
  const values = { text: smallTalk(chance) };
  yield paced(chance, { action: "input", values, username: drawName(chance) });
}

function* choose(chance: Chance): Steps {
  const values = {
    colour: chance.pick(["teal", "amber", "plum"]),
    extras: chance.happens(0.5) ? ["hat", "lantern"] : ["boat"],
  };
  yield paced(chance, { action: "input", values, username: drawName(chance) });
}

/** A button goes down where it soon comes up again. */
function* click(chance: Chance): Steps {
  const at = {
    clientX: chance.integer(1, 1_280),
    clientY: chance.integer(1, 720),
    username: drawName(chance),
  };
  yield paced(chance, { action: "mouse", type: "mousedown", ...at });
  yield { afterMs: chance.integer(60, 200), do: { action: "mouse", type: "mouseup", ...at } };
}

/** Several viewers want the same thing at once. */
function* rush(chance: Chance): Steps {
  for (let viewer = 0; viewer < chance.integer(4, 8); viewer += 1) {
    yield { afterMs: chance.integer(40, 250), do: { action: "input", username: drawName(chance) } };
  }
}

function paced(chance: Chance, action: InteractiveSyncAction): Step<InteractiveSyncAction> {
  return { afterMs: chance.integer(450, 1_100), do: action };
}
