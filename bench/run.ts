import { fanOut } from "./fan-out.ts";

const loads = [
  { sockets: 1_000, perSecond: 100, seconds: 10 },
  { sockets: 100, perSecond: 1_000, seconds: 10 },
];
for (const load of loads) {
  const { relay, bare } = await fanOut(load);
  console.log(load);
  for (const [name, { delays: _delays, ...rest }] of Object.entries({ bare, relay }))
    console.log(name, rest);
  console.log("ratio", relay.cpuMicros / bare.cpuMicros);
}
process.exit(0);
