import { computeWait, makePoint, type Figures } from "../../channel/metering.ts";
import { report } from "../../report.ts";

/** The binding to Analytics Engine, where whoever deploys has made one. */
export interface MetricsEnv {
  readonly METRICS?: AnalyticsEngineDataset;
}

/**
 * Writes a point of metrics for each minute in which something was said on a channel, at its end. The
 * timer keeps the object in memory until then: without the binding there is none.
 */
export class ChannelMeter {
  readonly #dataset: AnalyticsEngineDataset | undefined;
  readonly #channel: string;
  readonly #read: () => Figures;
  #before: Figures | null = null;
  #isTimed = false;

  constructor({ METRICS }: MetricsEnv, channel: string, read: () => Figures) {
    this.#dataset = METRICS;
    this.#channel = channel;
    this.#read = read;
  }

  /** So many events are on disk, and are about to be given out. */
  expect(events: number): void {
    if (this.#dataset === undefined || this.#isTimed) return;
    this.#isTimed = true;
    if (this.#before === null) {
      const now = this.#read();
      this.#before = { ...now, events: now.events - events };
    }
    setTimeout(() => this.#write(), computeWait(Date.now()));
  }

  #write(): void {
    this.#isTimed = false;
    try {
      const now = this.#read();
      const doubles = makePoint(this.#before ?? now, now);
      this.#before = now;
      this.#dataset?.writeDataPoint({
        indexes: [this.#channel],
        blobs: [this.#channel],
        doubles,
      });
    } catch (error) {
      report("metrics not written", error, { channel: this.#channel });
    }
  }
}
