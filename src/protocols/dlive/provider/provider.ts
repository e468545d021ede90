import { z } from "zod";

import { formatConnectionId } from "../../../event/ids.ts";
import { classifyRefusal, type SocketProviderAdapter } from "../../provider.ts";
import { DEFAULT_URL, SUB_PROTOCOL } from "../wire/frames.ts";
import { lookUp } from "./look-up.ts";
import { sending } from "./sending.ts";
import { openSession } from "./session.ts";

const Target = z.strictObject({ streamer: z.string().min(1).max(100) }).describe("`{streamer}`");
const Credentials = z
  .strictObject({ appToken: z.string().min(1).max(4096).optional() })
  .describe("`{appToken?}`");

/** Dials DLive and hears one streamer's chat and treasure chest. */
export const provider: SocketProviderAdapter = {
  protocol: "dlive",
  Target,
  Credentials,
  defaultUrl: DEFAULT_URL,
  claims: (target) => [formatConnectionId("dlive", Target.parse(target).streamer)],
  secrets: (credentials) => {
    const { appToken } = Credentials.parse(credentials);
    return appToken === undefined ? [] : [appToken];
  },
  dial: (link) => ({ url: link.url ?? DEFAULT_URL, protocols: [SUB_PROTOCOL] }),
  open(link) {
    const { streamer } = Target.parse(link.target);
    const { appToken } = Credentials.parse(link.credentials);
    const { dialId, url } = link;
    return openSession({ dialId, url, streamer, appToken });
  },
  sending,
  lookUp,
  refused: classifyRefusal,
  closed: ({ code, reason }) => ({
    remedy: "retry",
    reason: "socket_closed",
    detail: `DLive closed the socket (${code}${reason === "" ? "" : `, ${reason}`}).`,
  }),
};
