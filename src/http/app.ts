import { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";

import { RelayError } from "../errors.ts";
import { asset } from "./assets.ts";
import type { AppEnv } from "./env.ts";
import { bodySize, bodyType, brake, crossOrigin } from "./guards.ts";
import { idempotency } from "./idempotency.ts";
import { openApiDocument } from "./openapi.ts";
import { problemResponse, toRelayError } from "./problems.ts";
import { browserCredentialRoutes } from "./routes/browser-credentials.ts";
import { channelRoutes } from "./routes/channels.ts";
import { documentRoutes } from "./routes/documents.ts";
import { eventRoutes } from "./routes/events.ts";
import { gatewayRoutes } from "./routes/gateways.ts";
import { handOverRoutes } from "./routes/hand-over.ts";
import { healthRoutes } from "./routes/health.ts";
import { keyRoutes } from "./routes/keys.ts";
import { providerRoutes } from "./routes/providers.ts";
import { sendingRoutes } from "./routes/sending.ts";
import { socketRoutes } from "./routes/socket.ts";
import { statusRoutes } from "./routes/status.ts";
import { streamRoutes } from "./routes/stream.ts";
import { viewerRoutes } from "./routes/viewers.ts";
import { onInvalid } from "./validation.ts";

/** The API under /v1, as the OpenAPI document knows it. */
const api = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });
api.route("/v1", channelRoutes);
api.route("/v1", providerRoutes);
api.route("/v1", eventRoutes);
api.route("/v1", statusRoutes);
api.route("/v1", sendingRoutes);
api.route("/v1", keyRoutes);
api.route("/v1", browserCredentialRoutes);
api.route("/v1", handOverRoutes);

/** The front door. */
export const app = new Hono<AppEnv>();

app.onError((error, c) => {
  const failure = toRelayError(error);
  const requestId = c.get("requestId") ?? crypto.randomUUID();
  if (failure.code === "internal" || failure.code === "unavailable") {
    // The route, not the address: some carry a token.
    console.error("request failed", { requestId, method: c.req.method, error: causeOf(failure) });
  }
  return problemResponse(failure, requestId);
});

app.notFound((c) =>
  problemResponse(
    new RelayError("not_found", "There is nothing at this address."),
    c.get("requestId") ?? crypto.randomUUID(),
  ),
);

app.use(async (c, next) => {
  c.set("requestId", crypto.randomUUID());
  await next();
});
app.use("/v1/*", brake);

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
app.use("/v1/*", crossOrigin);
app.use(
  methodNotAllowed({
    app,
    onMethodNotAllowed(c, methods) {
      const headers = { allow: methods.toSorted().join(", ") };
      const detail = `This address takes ${headers.allow}.`;
      const failure = new RelayError("method_not_allowed", detail, { headers });
      return problemResponse(failure, c.get("requestId"));
    },
  }),
);
app.use("/v1/*", bodySize, bodyType);
app.use("/v1/*", idempotency);

app.route("/v1", streamRoutes);
app.route("/v1", documentRoutes);
app.get("/v1/openapi.json", (c) => {
  c.header("cache-control", "public, max-age=300");
  return c.json(openApiDocument(api, new URL(c.req.url).origin));
});
app.route("/", api);
app.route("/", healthRoutes);
app.get("/", (c) => c.redirect("/v1/docs"));
app.get("/docs/*", (c) => asset(c, c.req.path));

function causeOf(failure: RelayError): string {
  const { cause } = failure;
  return cause instanceof Error ? `${cause.name}: ${cause.message.slice(0, 300)}` : failure.message;
}
