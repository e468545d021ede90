import { render } from "preact";

import { reportFault } from "./api/fault.ts";
import { DockPage } from "./pages/chat/dock-page.tsx";
import { followPreferences } from "./state/preferences.ts";
import { beginSession, isOpening, openSession } from "./state/session.ts";

/** Takes the key out of the address, before anything else can see it there. */
async function openDock(): Promise<void> {
  const key = location.hash.slice(1);
  if (key === "") return openSession();
  history.replaceState(null, "", location.pathname + location.search);
  try {
    await beginSession(key);
  } catch (error) {
    reportFault(error);
    // The page says that it has no key that holds.
  }
  isOpening.value = false;
}

followPreferences();
void openDock();
const app = document.querySelector("#app");
if (app !== null)
  render(<DockPage id={new URLSearchParams(location.search).get("channel") ?? ""} />, app);
