import { useEffect } from "preact/hooks";

import { lineState, openChannel } from "../../state/channel.ts";
import { credential, farewell, isOpening, isReached } from "../../state/session.ts";
import { Button } from "../../ui/button.tsx";
import { Empty, Skeleton } from "../../ui/parts.tsx";
import { Toasts } from "../../ui/toast.tsx";
import { Away } from "../away.tsx";
import { ChatView } from "./chat-view.tsx";

/** The chat alone: a dock of OBS, or a phone's page. */
export function DockPage({ id }: { id: string }) {
  const isIn = credential.value !== null;
  useEffect(() => {
    if (isIn && id !== "") openChannel(id);
  }, [isIn, id]);
  if (isOpening.value) {
    return (
      <main class="dock">
        <h1 class="unseen">Chat</h1>
        <Skeleton rows={5} label="Opening" />
      </main>
    );
  }
  if (!isIn || id === "") {
    return (
      <main class="dock">
        <h1 class="unseen">Chat</h1>
        <Empty icon="access" title={isReached.value ? "This dock has no key" : "The relay is away"}>
          <p>
            {farewell.value === ""
              ? "Open it with the address that the console makes: Chat, As a dock in OBS."
              : farewell.value}
          </p>
          {isReached.value ? null : (
            <Button kind="primary" onClick={() => location.reload()}>
              Try again
            </Button>
          )}
        </Empty>
      </main>
    );
  }
  return (
    <main class="dock" data-state={lineState.value.name}>
      <h1 class="unseen">Chat</h1>
      <Away />
      <ChatView id={id} />
      <Toasts />
    </main>
  );
}
