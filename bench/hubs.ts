/*
 * Sockets in hubs: many channels' sockets, and those of one crowded channel beside the same sockets
 * in the channel's own object, in one run. What counts is the processor time of the runtime's process
 * for each event that a socket has got.
 */
import { cpuSeconds, memoryMiB } from "./support/cpu.ts";
import { gather, quantile, settled, together, type Crowd, type Heard } from "./support/crowd.ts";
import { startMeasuredRelay, type MeasuredRelay } from "./support/runtimes.ts";
import { startSource, type Source } from "./support/source.ts";

interface Load {
  readonly channels: number;
  readonly sockets: number;
  /** Events a second, on each channel. */
  readonly perSecond: number;
  readonly seconds: number;
  /** How many sockets a channel's own object takes. */
  readonly own: number;
}

/** More than there are: none of them goes elsewhere. */
const ALL = 100_000;

export interface Hubbed {
  /** Everything that was said came to every socket once and in order. */
  readonly isWhole: boolean;
  readonly cpuMicros: number;
  readonly p50: number;
  readonly p99: number;
  readonly memory: number;
}

/** 2,000 sockets over 20 channels: in the channels' own objects, and in hubs. */
export async function manyChannels(): Promise<Record<"own" | "all", Hubbed>> {
  const load = { channels: 20, sockets: 2_000, perSecond: 5, seconds: 10 };
  return {
    own: await measure(8741, { ...load, own: ALL }),
    all: await measure(8742, { ...load, own: 0 }),
  };
}

/** 5,000 sockets on one channel: in its own object, all but 2,000 elsewhere, and all elsewhere. */
export async function crowdedChannel(): Promise<Record<"own" | "some" | "all", Hubbed>> {
  const load = { channels: 1, sockets: 5_000, perSecond: 5, seconds: 10 };
  return {
    own: await measure(8743, { ...load, own: ALL }),
    some: await measure(8744, { ...load, own: 2_000 }),
    all: await measure(8745, { ...load, own: 0 }),
  };
}

async function measure(port: number, load: Load): Promise<Hubbed> {
  const { channels, sockets, perSecond, seconds, own } = load;
  const relay = await startMeasuredRelay(port, { CHANNEL_SOCKETS: String(own) });
  const names = Array.from({ length: channels }, (_, index) => `bench-${index}`);
  const sources: Source[] = [];
  for (const name of names) sources.push(await linked(relay, name));
  const base = relay.url.replace("http:", "ws:");
  const crowd = await gather(
    names.map((name) => `${base}/v1/channels/${name}/socket`),
    sockets,
  );
  const say = (count: number): Promise<unknown> =>
    Promise.all(sources.map((source) => source.say(count, perSecond)));
  // Once through, so that what is measured is warm.
  await say(perSecond);
  const first = await heardAll(crowd, sockets * perSecond);
  const before = cpuSeconds(relay.pid);
  await say(perSecond * seconds);
  const due = sockets * perSecond * seconds;
  const heard = await heardAll(crowd, due);
  const used = cpuSeconds(relay.pid) - before;
  const memory = memoryMiB(relay.pid);
  crowd.leave();
  await relay.stop();
  for (const source of sources) await source.close();
  const wrong = [first, heard].reduce(
    (sum, each) => sum + each.breaks + each.gaps + each.closed,
    0,
  );
  return {
    isWhole: wrong === 0 && heard.delivered === due,
    cpuMicros: (used * 1e6) / heard.delivered,
    p50: quantile(heard.delays, 0.5),
    p99: quantile(heard.delays, 0.99),
    memory,
  };
}

/** What was heard, once it is all that is due or nothing more comes for half a minute. */
async function heardAll(crowd: Crowd, due: number): Promise<Heard> {
  let whole = await settled(crowd);
  for (let quiet = 0; whole.delivered < due && quiet < 30; quiet++) {
    const more = await settled(crowd);
    if (more.delivered > 0) quiet = 0;
    whole = together(whole, more);
  }
  return whole;
}

async function linked({ api }: MeasuredRelay, id: string): Promise<Source> {
  const source = await startSource();
  await api("POST", "/channels", { id, public: true });
  const link = { protocol: "dlive", target: { streamer: id }, url: source.url };
  await api("POST", `/channels/${id}/providers`, link);
  await source.subscribed();
  return source;
}
