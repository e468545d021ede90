import { render } from "preact";
import { LocationProvider } from "preact-iso/router";

import { App } from "./pages/app.tsx";
import { followPreferences } from "./state/preferences.ts";
import { openSession } from "./state/session.ts";

followPreferences();
const app = document.querySelector("#app");
if (app !== null) {
  render(
    <LocationProvider scope={/^\/console(\/|$)/}>
      <App />
    </LocationProvider>,
    app,
  );
}
void openSession();
