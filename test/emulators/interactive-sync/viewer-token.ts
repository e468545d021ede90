import { createHmac, timingSafeEqual } from "node:crypto";

import { z } from "zod";

const Claims = z.object({
  channel_id: z.string(),
  opaque_user_id: z.string(),
  /** Absent for a viewer who has not shared who they are. */
  user_id: z.string().optional(),
});
export type Claims = z.infer<typeof Claims>;

/** The claims of a Twitch extension's token; without a secret, whoever signed it. Null for a bad one. */
export function readViewerToken(token: string, secret: string | null): Claims | null {
  const [header = "", payload = "", signature = ""] = token.split(".");
  if (secret !== null) {
    const hmac = createHmac("sha256", Buffer.from(secret, "base64"));
    const right = hmac.update(`${header}.${payload}`).digest();
    const given = Buffer.from(signature, "base64url");
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      return null;
    }
  }
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString())).data ?? null;
  } catch {
    return null;
  }
}
