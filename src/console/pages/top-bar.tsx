import { useLocation } from "preact-iso/router";

import { own } from "../api/own.ts";
import { formatRoute } from "../routes.ts";
import { lineState, status } from "../state/channel.ts";
import { may } from "../state/session.ts";
import { Button } from "../ui/button.tsx";
import { Badge, type Tone } from "../ui/parts.tsx";

const STATES: Readonly<Record<string, readonly [tone: Tone, word: string]>> = {
  idle: ["calm", "Not connected"],
  connecting: ["wait", "Connecting"],
  replaying: ["wait", "Catching up"],
  live: ["good", "Connected"],
  waiting: ["bad", "Away"],
  stopped: ["bad", "Stopped"],
};

/** The console's own connection, whether the stream is live, and a way to try it all. */
export function TopBar(props: {
  readonly id: string;
  readonly onMenu: () => void;
  readonly isMenuOpen: boolean;
}) {
  const { route } = useLocation();
  const [tone, word] = own(STATES, lineState.value.name) ?? ["calm", lineState.value.name];
  const stream = status.value?.stream;
  return (
    <header class="top">
      <span class="only-small">
        <Button
          kind="quiet"
          icon="menu"
          label={props.isMenuOpen ? "Close the menu" : "Open the menu"}
          onClick={props.onMenu}
        />
      </span>
      {stream?.live === true ? <span class="live-mark">Live</span> : null}
      {stream?.live === false ? <span class="dim">Not live</span> : null}
      {typeof stream?.viewers === "number" ? (
        <span class="dim viewers">{stream.viewers.toLocaleString()} viewers</span>
      ) : null}
      <span class="spacer" />
      <span class="line-state" role="status" aria-label="Connection of the console">
        <Badge tone={tone}>{word}</Badge>
      </span>
      <Button
        icon="test"
        small
        lacks={may("events:write", props.id) ? undefined : "events:write"}
        onClick={() => route(formatRoute(props.id, "test"))}
      >
        Test event
      </Button>
    </header>
  );
}
