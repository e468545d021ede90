import { useState } from "preact/hooks";

import { own } from "../../api/own.ts";
import { verifiers } from "../../text/verifiers.ts";
import { Button } from "../../ui/button.tsx";
import { Copy, Secret } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Json, Tabs } from "../../ui/parts.tsx";

/** The secret of a webhook, this once, with a program that verifies by it. */
export function ShownOnce({ read, onClose }: { read: () => string; onClose: () => void }) {
  const [language, setLanguage] = useState("JavaScript");
  const program = own(verifiers, language) ?? "";
  return (
    <Dialog title="The signing secret" onClose={onClose} isFirm wide>
      <div class="stack">
        <p>It is shown this once. Your program verifies with it that a delivery is the relay's.</p>
        <Secret read={read} what="Signing secret" />
        <Tabs
          label="Languages"
          tabs={Object.keys(verifiers).map((each) => [each, each] as const)}
          open={language}
          onOpen={setLanguage}
        />
        <Json value={program} label={`How to verify in ${language}`} />
        <div class="row end">
          <Copy text={program} label="Copy program" />
          <Button kind="primary" onClick={onClose}>
            I have it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
