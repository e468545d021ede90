import lazy, { ErrorBoundary } from "preact-iso/lazy";
import { Route, Router, useLocation } from "preact-iso/router";
import { useEffect, useRef, useState } from "preact/hooks";

import { at } from "../api/call.ts";
import type { Channel } from "../api/types.ts";
import { formatRoute, pages, readRoute, type PageId } from "../routes.ts";
import { useAsked } from "../state/asked.ts";
import { channel, closeChannel, now, openChannel } from "../state/channel.ts";
import { credential, isAdmin, since } from "../state/session.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Empty, PageHead, Skeleton } from "../ui/parts.tsx";
import { ProblemBox } from "../ui/problem.tsx";
import { AccountMenu } from "./account.tsx";
import { Away } from "./away.tsx";
import { Keys } from "./keys.tsx";
import { Login } from "./login.tsx";
import { Switcher } from "./switcher.tsx";
import { TopBar } from "./top-bar.tsx";

const Overview = lazy(() => import("./overview/overview.tsx").then(({ Overview }) => Overview));
const Sources = lazy(() => import("./sources/sources.tsx").then(({ Sources }) => Sources));
const Events = lazy(() => import("./events/events.tsx").then(({ Events }) => Events));
const Chat = lazy(() => import("./chat/chat.tsx").then(({ ChatPage }) => ChatPage));
const Overlays = lazy(() => import("./overlays/overlays.tsx").then(({ Overlays }) => Overlays));
const Webhooks = lazy(() => import("./webhooks/webhooks.tsx").then(({ Webhooks }) => Webhooks));
const Test = lazy(() => import("./test/test.tsx").then(({ Test }) => Test));
const Health = lazy(() => import("./health/health.tsx").then(({ Health }) => Health));
const Access = lazy(() => import("./access/access.tsx").then(({ Access }) => Access));
const Settings = lazy(() => import("./settings/settings.tsx").then(({ Settings }) => Settings));

const HINT_MS = 5 * 60_000;

/** One channel, with all its pages. */
export function Shell({ id }: { id: string }) {
  const { path } = useLocation();
  const { page } = readRoute(path);
  const { data, error, again } = useAsked<Channel>(at`/channels/${id}`);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const title = pages.find((each) => each.id === page)?.title ?? "";

  useEffect(() => {
    if (data === null) return;
    openChannel(data.id);
    channel.value = data;
  }, [data]);
  useEffect(() => closeChannel, [id]);
  useEffect(() => {
    setMenuOpen(false);
    document.title = `${title} · ${data?.name ?? id} · Tributary`;
  }, [path, data, id, title]);

  if (error !== null && data === null) {
    const isHidden = [401, 403, 404].includes(error.status);
    if (isHidden && credential.value === null) return <Login />;
    return (
      <main class="centre">
        <h1 class="unseen">{title}</h1>
        {error.status === 404 || error.status === 403 ? (
          <Empty title={`There is no channel ${id} here, or your key does not open it`}>
            <a href="/console/">All channels</a>
          </Empty>
        ) : (
          <ProblemBox error={error} again={again} />
        )}
      </main>
    );
  }
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.querySelector<HTMLElement>("h1")?.focus();
        }}
      >
        To the page
      </a>
      <Side id={id} page={page} isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
      <div class="stage">
        <TopBar id={id} onMenu={() => setMenuOpen(!isMenuOpen)} isMenuOpen={isMenuOpen} />
        <Away />
        <Hint id={id} />
        <main id="main" class="page" ref={main}>
          {data === null ? (
            <>
              <PageHead title={title} />
              <Skeleton rows={6} />
            </>
          ) : (
            <Pages id={id} title={title} />
          )}
        </main>
      </div>
      <Keys id={id} />
    </div>
  );
}

function Pages({ id, title }: { id: string; title: string }) {
  const base = formatRoute(id);
  // Until the first page's own program is there; later the page before stays meanwhile.
  const [isFirst, setFirst] = useState(false);
  const hasShown = useRef(false);
  const [failure, setFailure] = useState<string | null>(null);
  if (failure !== null) {
    return (
      <Empty icon="warn" title="This page could not be loaded">
        <p>{failure}</p>
        <Button kind="primary" onClick={() => location.reload()}>
          Load the console anew
        </Button>
      </Empty>
    );
  }
  return (
    <ErrorBoundary onError={(error) => setFailure(error.message)}>
      {isFirst ? (
        <>
          <PageHead title={title} />
          <Skeleton rows={6} />
        </>
      ) : null}
      <Router
        onRouteChange={focusHeading}
        onLoadStart={() => setFirst(!hasShown.current)}
        onLoadEnd={() => {
          hasShown.current = true;
          setFirst(false);
        }}
      >
        <Route path={base} component={Overview} id={id} />
        <Route path={`${base}/sources`} component={Sources} id={id} />
        <Route path={`${base}/events/:event?`} component={Events} id={id} />
        <Route path={`${base}/chat`} component={Chat} id={id} />
        <Route path={`${base}/overlays/:kind?`} component={Overlays} id={id} />
        <Route path={`${base}/webhooks/:webhook?`} component={Webhooks} id={id} />
        <Route path={`${base}/test`} component={Test} id={id} />
        <Route path={`${base}/health`} component={Health} id={id} />
        <Route path={`${base}/access`} component={Access} id={id} />
        <Route path={`${base}/settings`} component={Settings} id={id} />
        <Route default component={NoPage} />
      </Router>
    </ErrorBoundary>
  );
}

let lastPath = "";

/** Gives the focus to the heading of another page, as a page that is loaded would begin there. */
function focusHeading(url: string): void {
  const { page } = readRoute(url.split("?")[0] ?? "");
  if (lastPath !== "" && lastPath !== page) {
    requestAnimationFrame(() => {
      if (document.querySelector("dialog[open]") === null)
        document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    });
    scrollTo(0, 0);
  }
  lastPath = page;
}

function NoPage() {
  return <Empty title="There is no such page" />;
}

interface SideProps {
  readonly id: string;
  readonly page: PageId;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function Side({ id, page, isOpen, onClose }: SideProps) {
  return (
    <>
      {isOpen ? <div class="veil" onClick={onClose} aria-hidden="true" /> : null}
      <aside class={isOpen ? "side open" : "side"} aria-label="Menu">
        <a class="brand" href="/console/">
          <Icon name="logo" size={24} />
          <span>Tributary</span>
        </a>
        <Switcher id={id} />
        <nav aria-label="Pages">
          <ul>
            {pages.map((each) => (
              <li key={each.id}>
                <a
                  href={formatRoute(id, each.id)}
                  aria-current={each.id === page ? "page" : undefined}
                >
                  <Icon name={each.icon} />
                  {each.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <AccountMenu full />
        <p class="side-end">
          <a href="/v1/docs" target="_blank" rel="noopener noreferrer">
            API
          </a>
          <a href="/v1/docs/events" target="_blank" rel="noopener noreferrer">
            Event reference
          </a>
        </p>
      </aside>
    </>
  );
}

/** A quiet word to whoever works with the key that opens everything. */
function Hint({ id }: { id: string }) {
  const [isClosed, setClosed] = useState(false);
  if (isClosed || !isAdmin.value || now.value - since.value < HINT_MS) return null;
  return (
    <aside class="hint" aria-label="Advice">
      <p>
        You are working with the admin key, which opens everything.{" "}
        <a href={formatRoute(id, "access")}>Make a key for this channel</a> for everyday use.
      </p>
      <Button kind="quiet" icon="close" label="Close this advice" onClick={() => setClosed(true)} />
    </aside>
  );
}
