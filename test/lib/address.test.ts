import { describe, it } from "vitest";

import { isPublicAddress, isPublicHost } from "../../src/lib/address.ts";

/** As an address is typed, and what it is. */
const PRIVATE = [
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["[::1]", "loopback"],
  ["0.0.0.0", "this network"],
  ["0.1.2.3", "this network"],
  ["[::]", "unspecified"],
  ["169.254.0.1", "link-local"],
  ["[fe80::1]", "link-local"],
  ["[febf::1]", "link-local"],
  ["100.64.0.1", "carrier NAT"],
  ["100.127.255.254", "carrier NAT"],
  ["[fc00::1]", "unique local"],
  ["[fd12:3456:789a::1]", "unique local"],
  ["[fec0::1]", "site-local, of old"],
  ["169.254.169.254", "metadata of AWS, Azure and GCP"],
  ["169.254.170.2", "metadata of ECS"],
  ["[fd00:ec2::254]", "metadata of AWS"],
  ["[fd20:ce::254]", "metadata of GCP"],
  ["100.100.100.200", "metadata of Alibaba"],
  ["192.0.0.192", "metadata of Oracle, of old"],
  ["168.63.129.16", "the fabric of Azure"],
  ["metadata.google.internal", "metadata of GCP by name"],
  ["metadata.google.internal.", "the same with a dot"],
  ["[::ffff:127.0.0.1]", "mapped loopback"],
  ["[::ffff:10.0.0.1]", "mapped private"],
  ["[::ffff:169.254.169.254]", "mapped metadata"],
  ["[::ffff:8.8.8.8]", "mapped, and public behind it"],
  ["[::127.0.0.1]", "compatible loopback"],
  ["[::a9fe:a9fe]", "compatible metadata"],
  ["[64:ff9b::7f00:1]", "NAT64 to loopback"],
  ["[64:ff9b::8.8.8.8]", "NAT64 to a public one"],
  ["[64:ff9b:1::a00:1]", "local NAT64"],
  ["[2002:7f00:1::]", "6to4 of loopback"],
  ["[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "Teredo"],
  ["[2001:db8::1]", "documentation"],
  ["[3fff::1]", "documentation"],
  ["[100::1]", "discard"],
  ["[100:0:0:1::1]", "not given out"],
  ["[4000::1]", "not given out"],
  ["[ff02::1]", "multicast"],
  ["192.0.2.1", "documentation"],
  ["198.51.100.7", "documentation"],
  ["203.0.113.9", "documentation"],
  ["198.18.0.1", "benchmarking"],
  ["192.88.99.1", "6to4 relays"],
  ["224.0.0.1", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "broadcast"],
  ["localhost", "this machine by name"],
  ["LOCALHOST.", "the same, loud and with a dot"],
  ["app.localhost", "below localhost"],
  ["printer.local", "this house"],
  ["nas.lan", "this house"],
  ["router.home.arpa", "this house"],
  ["home.arpa", "the house itself"],
  ["db.internal", "inside"],
  ["wiki.intranet", "inside"],
  ["intranet", "one label"],
  ["redis", "one label"],
  ["2130706433", "loopback as one number"],
  ["0x7f000001", "loopback in hex"],
  ["0x7f.1", "loopback in two parts"],
  ["017700000001", "loopback in octal"],
  ["127.1", "loopback cut short"],
  ["0", "nothing as a number"],
  ["0251.0376.0251.0376", "metadata in octal"],
  ["2852039166", "metadata as one number"],
  ["127.0.0.1.", "loopback with a dot"],
  ["①②⑦.⓪.⓪.①", "loopback in circles"],
  ["１２７．０．０．１", "loopback, wide"],
  ["127。0。0。1", "loopback with other dots"],
  ["%31%32%37.0.0.1", "loopback, percent-encoded"],
  ["lOcAlHoSt", "this machine, in any case"],
] as const;

const PUBLIC = [
  "example.com",
  "example.com.",
  "EXAMPLE.com",
  "graphigo.prd.dlive.tv",
  "chat.api.restream.io",
  "xn--mnchen-3ya.de",
  "münchen.de",
  "localhost.example.com",
  "internal.example.com",
  "mylocal.example",
  "notlocal.tv",
  "8.8.8.8",
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.1",
  "172.15.255.255",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "169.253.255.255",
  "192.167.1.1",
  "223.255.255.254",
  "134744072",
  "[2606:4700:4700::1111]",
  "[2a00:1450:4001:830::200e]",
] as const;

function hostOf(typed: string): string {
  return new URL(`wss://${typed}/`).hostname;
}

describe("a host", () => {
  it.for(PRIVATE)("that is %s is not public: %s", ([typed], { expect }) => {
    expect(isPublicHost(hostOf(typed))).toBe(false);
  });

  it.for(PUBLIC)("that is %s is public", (typed, { expect }) => {
    expect(isPublicHost(hostOf(typed))).toBe(true);
  });

  it.for(["", ".", "...", "[]"])("that is %j is nothing, and not public", (host, { expect }) => {
    expect(isPublicHost(host)).toBe(false);
  });

  it("that was never looked at as an address is judged as the number it is", ({ expect }) => {
    for (const host of ["2130706433", "0x7f.1", "127.1"]) expect(isPublicHost(host)).toBe(false);
  });
});

it("an address by itself is judged as in a host, without its brackets", ({ expect }) => {
  expect(["8.8.8.8", "2606:4700::1"].map(isPublicAddress)).toEqual([true, true]);
  expect(["10.0.0.1", "::1", "::ffff:8.8.8.8"].map(isPublicAddress)).toEqual([false, false, false]);
});
