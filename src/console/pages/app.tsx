import { useLocation } from "preact-iso/router";
import { useEffect } from "preact/hooks";

import { readRoute } from "../routes.ts";
import { credential, isLoginWanted, isOpening, touchSession } from "../state/session.ts";
import { Skeleton } from "../ui/parts.tsx";
import { Toasts } from "../ui/toast.tsx";
import { Channels } from "./channels.tsx";
import { Login } from "./login.tsx";
import { Shell } from "./shell.tsx";

const TOUCH_MS = 60_000;

/** The console: a log-in, the channels, and one channel. */
export function App() {
  const { path } = useLocation();
  const { channel } = readRoute(path);

  useEffect(() => {
    let touchedAt = Date.now();
    const touch = (): void => {
      if (Date.now() - touchedAt < TOUCH_MS) return;
      touchedAt = Date.now();
      touchSession();
    };
    // A page that comes back from the browser's cache was perhaps logged out meanwhile.
    const look = (event: PageTransitionEvent): void => {
      if (event.persisted) location.reload();
    };
    addEventListener("pointerdown", touch);
    addEventListener("keydown", touch);
    addEventListener("pageshow", look);
    return () => {
      removeEventListener("pointerdown", touch);
      removeEventListener("keydown", touch);
      removeEventListener("pageshow", look);
    };
  }, []);

  return (
    <>
      {isOpening.value ? (
        <main class="centre">
          <h1 class="unseen">Tributary</h1>
          <Skeleton rows={4} label="Opening" />
        </main>
      ) : isLoginWanted.value ? (
        <Login />
      ) : channel !== null ? (
        <Shell
          key={`${channel} ${credential.value?.id ?? credential.value?.kind ?? ""}`}
          id={channel}
        />
      ) : credential.value === null ? (
        <Login />
      ) : (
        <Channels />
      )}
      <Toasts />
    </>
  );
}
