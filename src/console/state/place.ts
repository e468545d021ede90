/* Whether strangers on the internet can reach the relay where the console has it. Pure. */

const PRIVATE =
  /^(localhost|.*\.local(host)?|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|169\.254\..*|\[(::1|f[cd].*|fe80.*)\])$/i;

/** Says why a service cannot tell the relay anything at this place; null where it can. */
export function explainPlace(protocol: string, hostname: string): string | null {
  if (PRIVATE.test(hostname)) {
    return "This relay is on a machine of your own, which the service cannot reach: it hears nothing here. Deploy the relay, or put a tunnel with a public https:// address before it and enter that address.";
  }
  if (protocol !== "https:") {
    return "The service wants an address with https://: put the relay behind one, and enter that address.";
  }
  return null;
}
