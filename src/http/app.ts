import { Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";

import { RelayError } from "../errors.ts";
import { report } from "../report.ts";
import { api } from "./api.ts";
import { serveAsset } from "./assets.ts";
import type { AppEnv } from "./env.ts";
import { answerInTime, bodyDepth, bodySize, bodyType, limitRate, crossOrigin } from "./guards.ts";
import { requireMethod } from "./methods.ts";
import { makeProblemResponse, toRelayError } from "./problems.ts";
import { consentRoutes } from "./routes/consent.ts";
import { documentRoutes } from "./routes/documents.ts";
import { gatewayRoutes } from "./routes/gateways.ts";
import { healthRoutes } from "./routes/health.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { publishedKeyRoutes } from "./routes/published-keys.ts";
import { socketRoutes } from "./routes/socket.ts";
import { streamRoutes } from "./routes/stream.ts";
import { viewerRoutes } from "./routes/viewers.ts";

/** The front door. */
// Of Hono's routers the one that takes every pattern: with another before it they weigh more, and an object
// that wakes up is asked once or twice.
export const app = new Hono<AppEnv>({ router: new TrieRouter() });

app.onError((error, c) => {
  const failure = toRelayError(error);
  const requestId = c.get("requestId") ?? crypto.randomUUID();
  if (failure.code === "internal" || failure.code === "unavailable") {
    // The route, not the address: some carry a token.
    const { method } = c.req;
    report("request failed", failure.cause ?? failure, { requestId, method, code: failure.code });
  }
  return makeProblemResponse(failure, requestId);
});

app.notFound((c) =>
  makeProblemResponse(
    new RelayError("not_found", "There is nothing at this address."),
    c.get("requestId") ?? crypto.randomUUID(),
  ),
);

app.use(async (c, next) => {
  c.set("requestId", crypto.randomUUID());
  await next();
});
// Before the rate limit: a page may read that it is to slow down, and asks for leave as often as it wants.
app.use("/v1/*", crossOrigin);
app.use("/v1/*", limitRate);
app.use("/readyz", limitRate);
app.use("/.well-known/*", limitRate);
app.use("/oauth/*", limitRate);

// Before everything that sets headers: the answer to an upgrade cannot be changed.
app.route("/v1", socketRoutes);
app.route("/", viewerRoutes);
app.route("/", gatewayRoutes);

app.use(async (c, next) => {
  await next();
  c.res.headers.set("x-request-id", c.get("requestId"));
  c.res.headers.set("x-content-type-options", "nosniff");
  if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
});
app.use("/v1/*", answerInTime);
app.use(requireMethod(app));
app.use("/v1/*", bodySize, bodyType, bodyDepth);

app.route("/v1", streamRoutes);
app.route("/v1", documentRoutes);
app.route("/", api);
app.route("/", healthRoutes);
app.route("/", publishedKeyRoutes);
app.route("/", consentRoutes);
app.route("/", hookRoutes);
app.get("/", (c) => c.redirect("/v1/docs"));
app.get("/docs/*", (c) => serveAsset(c, c.req.path));
app.get("/console", (c) => c.redirect("/console/"));
app.get("/console/assets/*", (c) => serveAsset(c, c.req.path));
// Every other address of the console is the same page, which reads it.
app.get("/console/*", (c) => serveAsset(c, "/console/"));
app.get("/dock", (c) => serveAsset(c, "/dock"));
app.get("/overlay/*", (c) => serveAsset(c, c.req.path));
