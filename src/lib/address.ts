import ipaddr from "ipaddr.js";

// Formally public, but the host's own fabric in Azure: not covered by the address classes.
const FABRIC = new Set(["168.63.129.16"]);

// Names that never leave a machine or a house (RFC 6761, RFC 6762, RFC 8375, ICANN's "internal").
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet"];

// All that is given out of version 6 so far (IANA, "IPv6 Global Unicast Address Space"). What lies
// outside, `::127.0.0.1` for one, no address class knows.
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * May the public internet know this host? `hostname` as `new URL()` gives it, so that numbers like
 * `0x7f.1` are addresses already. False for every address that is not plain unicast (private,
 * loopback, link-local, carrier NAT, mapped, documentation, metadata …) and for names of one label
 * or with a private suffix. A name that resolves to a private address is not seen here.
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, "");
  const literal = host.startsWith("[") ? host.slice(1, -1) : host;
  if (ipaddr.isValid(literal)) return isPublicAddress(literal);
  if (!host.includes(".")) return false;
  return !PRIVATE_SUFFIXES.some((suffix) => `.${host}`.endsWith(suffix));
}

/** Is the address (v4 or v6, without brackets) plain public unicast? */
export function isPublicAddress(literal: string): boolean {
  if (!ipaddr.isValid(literal)) return false;
  const address = ipaddr.parse(literal);
  if (address.range() !== "unicast" || FABRIC.has(address.toString())) return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}

// A customer of version 6 has a network of so many bits at least: its addresses are one party's.
const NETWORK_BITS = 64;

/**
 * The party that an address stands for: itself, or of version 6 the network that one customer has.
 * What is no address is one party with all others that are none.
 */
export function identifyAddress(literal: string | null | undefined): string {
  if (literal == null || !ipaddr.isValid(literal)) return "unknown";
  const address = ipaddr.process(literal);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${NETWORK_BITS}`).toString();
}
