import { OpenAPIHono } from "@hono/zod-openapi";

import type { AppEnv } from "./env.ts";
import { authorizationRoutes } from "./routes/authorizations.ts";
import { browserCredentialRoutes } from "./routes/browser-credentials.ts";
import { channelRoutes } from "./routes/channels.ts";
import { credentialRoutes } from "./routes/credential.ts";
import { emoteRoutes } from "./routes/emotes.ts";
import { eventRoutes } from "./routes/events.ts";
import { handOverRoutes } from "./routes/hand-over.ts";
import { keyRoutes } from "./routes/keys.ts";
import { masterKeyRoutes } from "./routes/master-key.ts";
import { providerRoutes } from "./routes/providers.ts";
import { relayStatusRoutes } from "./routes/relay-status.ts";
import { sendingRoutes } from "./routes/sending.ts";
import { singleEventRoutes } from "./routes/single-event.ts";
import { socketListRoutes } from "./routes/socket-list.ts";
import { statusRoutes } from "./routes/status.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookDeliveryRoutes } from "./routes/webhook-deliveries.ts";
import { webhookKeyRoutes } from "./routes/webhook-keys.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { onInvalid } from "./validation.ts";

/** The API under /v1, as the OpenAPI document knows it. */
export const api = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });
api.route("/v1", channelRoutes);
// Before the providers by their ids: it has the place of one.
api.route("/v1", authorizationRoutes);
api.route("/v1", providerRoutes);
api.route("/v1", eventRoutes);
api.route("/v1", singleEventRoutes);
api.route("/v1", emoteRoutes);
api.route("/v1", statusRoutes);
api.route("/v1", relayStatusRoutes);
api.route("/v1", sendingRoutes);
api.route("/v1", socketListRoutes);
api.route("/v1", keyRoutes);
api.route("/v1", credentialRoutes);
api.route("/v1", browserCredentialRoutes);
api.route("/v1", userRoutes);
api.route("/v1", handOverRoutes);
api.route("/v1", masterKeyRoutes);
api.route("/v1", webhookRoutes);
api.route("/v1", webhookKeyRoutes);
api.route("/v1", webhookDeliveryRoutes);
