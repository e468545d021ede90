import { useState } from "preact/hooks";

import { may } from "../../state/session.ts";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/parts.tsx";
import { ChatView } from "./chat-view.tsx";
import { DockDialog } from "./dock-dialog.tsx";

/** The chat inside the console: what the dock is, with the console around it. */
export function ChatPage({ id }: { id: string }) {
  const [isDock, setDock] = useState(false);
  return (
    <>
      <PageHead
        title="Chat"
        actions={
          <Button
            lacks={may("keys:manage") ? undefined : "keys:manage"}
            onClick={() => setDock(true)}
          >
            As a dock in OBS
          </Button>
        }
      />
      <ChatView id={id} />
      {isDock ? <DockDialog id={id} onMade={() => {}} onClose={() => setDock(false)} /> : null}
    </>
  );
}
