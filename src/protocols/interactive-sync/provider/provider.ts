import { z } from "zod";

import { classifyRefusal, type SocketProviderAdapter } from "../../provider.ts";
import { Secret } from "../wire/frames.ts";
import { sending } from "../wire/limits.ts";
import { classifyClose } from "./refusals.ts";
import { openSession } from "./session.ts";

const Target = z.strictObject({}).describe("`{}`");
const Credentials = z
  .strictObject({ clientId: Secret, accessToken: Secret })
  .describe("`{clientId, accessToken}`");

/** Dials an Interactive Sync server: hears what viewers do, and tells it what to show them. */
export const provider: SocketProviderAdapter = {
  protocol: "interactive-sync",
  Target,
  Credentials,
  // Everybody runs a server of their own.
  defaultUrl: null,
  // Whose channel it is, the server reads from the token.
  claims: () => [],
  secrets: (credentials) => [Credentials.parse(credentials).accessToken],
  dial(link) {
    const { clientId, accessToken } = Credentials.parse(link.credentials);
    const url = new URL(z.string().parse(link.url));
    url.searchParams.set("client_id", clientId);
    url.searchParams.set("access_token", accessToken);
    return { url: url.toString(), protocols: [] };
  },
  open({ dialId, handOver, credentials }) {
    const { accessToken } = Credentials.parse(credentials);
    return openSession({ dialId, handOver, accessToken });
  },
  refused: classifyRefusal,
  closed: classifyClose,
  sending,
};
