import { fork } from "node:child_process";
import { join } from "node:path";

/** What a receiver has taken since it was last asked. */
export interface Taken {
  readonly deliveries: number;
  readonly events: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly delays: readonly number[];
}

export interface Receiver {
  readonly url: string;
  taken(): Promise<Taken>;
  /** What it takes until it has so many events. */
  until(events: number): Promise<Taken>;
  stop(): void;
}

/** Starts a receiver of webhooks in a process of its own. */
export async function startReceiver(): Promise<Receiver> {
  const child = fork(join(import.meta.dirname, "receiving.ts"));
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`the receiver left (${code})`)));
    });
  const port = (await next()) as number;
  const taken = async (): Promise<Taken> => {
    const answer = next();
    child.send("report");
    return (await answer) as Taken;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    async until(events) {
      let all = await taken();
      while (all.events < events) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const more = await taken();
        if (more.deliveries === 0) continue;
        all = {
          deliveries: all.deliveries + more.deliveries,
          events: all.events + more.events,
          firstAt: all.deliveries === 0 ? more.firstAt : all.firstAt,
          lastAt: more.lastAt,
          delays: [...all.delays, ...more.delays],
        };
      }
      return all;
    },
    stop: () => void child.kill(),
  };
}
