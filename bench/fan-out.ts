/*
 * Fan-out: the relay beside a bare Durable Object loop, in one run. What counts is the processor time
 * of the runtime's process for each event that a socket has got.
 */
import { cpuSeconds, memoryMiB } from "./support/cpu.ts";
import { gather, quantile, settled, type Heard } from "./support/crowd.ts";
import { startBareLoop, startMeasuredRelay, type Measured } from "./support/runtimes.ts";
import { startSource, type Source } from "./support/source.ts";

interface Load {
  readonly sockets: number;
  readonly perSecond: number;
  readonly seconds: number;
}

interface Result extends Heard {
  readonly cpuMicros: number;
  readonly p50: number;
  readonly p99: number;
  readonly memory: number;
}

export async function fanOut(load: Load): Promise<{ relay: Result; bare: Result }> {
  const bare = await onBareLoop(load);
  const relay = await onRelay(load);
  return { relay, bare };
}

async function onRelay(load: Load): Promise<Result> {
  const source = await startSource();
  const relay = await startMeasuredRelay(8701);
  await relay.api("POST", "/channels", { id: "bench", public: true });
  const link = { protocol: "dlive", target: { streamer: "s" }, url: source.url };
  await relay.api("POST", "/channels/bench/providers", link);
  await source.subscribed();
  const result = await measure(relay, source, `${socketUrl(relay)}/v1/channels/bench/socket`, load);
  await relay.stop();
  await source.close();
  return result;
}

async function onBareLoop(load: Load): Promise<Result> {
  const source = await startSource();
  const loop = await startBareLoop(8702);
  await fetch(`${loop.url}/?source=${encodeURIComponent(source.url)}`);
  await source.subscribed();
  const result = await measure(loop, source, `${socketUrl(loop)}/`, load, true);
  await loop.stop();
  await source.close();
  return result;
}

async function measure(
  { pid }: Measured,
  source: Source,
  url: string,
  { sockets, perSecond, seconds }: Load,
  bare = false,
): Promise<Result> {
  const crowd = await gather(url, sockets, ...(bare ? (["bare"] as const) : []));
  // Once through, so that what is measured is warm.
  await source.say(perSecond, perSecond);
  await settled(crowd);
  const before = cpuSeconds(pid);
  await source.say(perSecond * seconds, perSecond);
  const heard = await settled(crowd);
  const used = cpuSeconds(pid) - before;
  const memory = memoryMiB(pid);
  crowd.leave();
  return {
    ...heard,
    memory,
    cpuMicros: (used * 1e6) / heard.delivered,
    p50: quantile(heard.delays, 0.5),
    p99: quantile(heard.delays, 0.99),
  };
}

function socketUrl({ url }: Measured): string {
  return url.replace("http:", "ws:");
}
