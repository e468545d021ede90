import { OpenAPIHono } from "@hono/zod-openapi";

import type { AppEnv } from "./env.ts";
import { browserCredentialRoutes } from "./routes/browser-credentials.ts";
import { channelRoutes } from "./routes/channels.ts";
import { credentialRoutes } from "./routes/credential.ts";
import { eventRoutes } from "./routes/events.ts";
import { handOverRoutes } from "./routes/hand-over.ts";
import { keyRoutes } from "./routes/keys.ts";
import { providerRoutes } from "./routes/providers.ts";
import { relayStatusRoutes } from "./routes/relay-status.ts";
import { sendingRoutes } from "./routes/sending.ts";
import { statusRoutes } from "./routes/status.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookDeliveryRoutes } from "./routes/webhook-deliveries.ts";
import { webhookKeyRoutes } from "./routes/webhook-keys.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { onInvalid } from "./validation.ts";

/** The API under /v1, as the OpenAPI document knows it. */
export const api = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });
api.route("/v1", channelRoutes);
api.route("/v1", providerRoutes);
api.route("/v1", eventRoutes);
api.route("/v1", statusRoutes);
api.route("/v1", relayStatusRoutes);
api.route("/v1", sendingRoutes);
api.route("/v1", keyRoutes);
api.route("/v1", credentialRoutes);
api.route("/v1", browserCredentialRoutes);
api.route("/v1", userRoutes);
api.route("/v1", handOverRoutes);
api.route("/v1", webhookRoutes);
api.route("/v1", webhookKeyRoutes);
api.route("/v1", webhookDeliveryRoutes);
