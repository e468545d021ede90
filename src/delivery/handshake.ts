/** An endpoint's answer to the handshake. */
export type HandshakeAnswer =
  | { readonly isGiven: true; readonly perMinute: number | null }
  | { readonly isGiven: false; readonly detail: string };

/** Makes the headers of the handshake's `OPTIONS` request. */
export function makeHandshakeHeaders(
  origin: string,
  ratePerSecond: number | null,
): Record<string, string> {
  return {
    "webhook-request-origin": origin,
    ...(ratePerSecond !== null && {
      "webhook-request-rate": String(Math.max(1, Math.floor(ratePerSecond * 60))),
    }),
  };
}

/**
 * Reads the answer as "HTTP 1.1 Web Hooks for Event Delivery" of CloudEvents has it (4.2): the
 * origin must be allowed by name or by `*`; a rate, in requests a minute, is a promise to keep.
 */
export function readHandshakeAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  origin: string,
): HandshakeAnswer {
  if (status < 200 || status >= 300) {
    return { isGiven: false, detail: `It answered ${status} to OPTIONS.` };
  }
  const allowed = (headers["webhook-allowed-origin"] ?? "").split(",").map((each) => each.trim());
  if (!allowed.includes("*") && !allowed.includes(origin)) {
    return { isGiven: false, detail: `It does not allow ${origin} in WebHook-Allowed-Origin.` };
  }
  const rate = headers["webhook-allowed-rate"]?.trim() ?? "*";
  if (rate === "*") return { isGiven: true, perMinute: null };
  const perMinute = /^\d{1,9}$/.test(rate) ? Number(rate) : 0;
  if (perMinute === 0) return { isGiven: false, detail: "WebHook-Allowed-Rate cannot be read." };
  return { isGiven: true, perMinute };
}
