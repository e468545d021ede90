/*
 * The console in a browser, its log open, while much comes: how busy its thread is, and whether
 * anything on it takes so long that a key or a click has to wait.
 */
import { openBrowser } from "../../test/e2e/support/browser.ts";
import { openConsole } from "../../test/e2e/support/console.ts";
import { post } from "../../test/e2e/support/overlays.ts";
import { call, startRelay } from "../../test/e2e/support/relay.ts";

export interface BusyConsole {
  /** Tasks of the page's thread, as a part of the time, by processor time. */
  readonly busy: number;
  /** The longest task, in ms of processor time: on a busy machine the clock says nothing. */
  readonly longest: number;
  readonly longTasks: number;
  /** Events that the page has seen, of those that were posted. */
  readonly seen: number;
  readonly posted: number;
}

const PORT = 8_723;
const BATCHES = 10;

/** Posts so many events a second for so long, to a channel whose log is looked at. */
export async function busyConsole(perSecond: number, seconds: number): Promise<BusyConsole> {
  const [relay, browser] = await Promise.all([startRelay({ port: PORT }), openBrowser()]);
  try {
    await call(relay, "POST", "/channels", { id: "busy", public: true });
    const { page } = await openConsole(browser, relay, "/console/c/busy/events", relay.key);
    await page.getByRole("heading", { name: "Events", exact: true }).waitFor();
    await page.locator(".badge.good").first().waitFor();
    let count = 0;
    const say = () => {
      count += 1;
      const user = {
        key: "twitch:1",
        id: "1",
        name: "Ada",
        roles: [],
        badges: [],
        anonymous: false,
      };
      const text = `line ${count} of many, as people write them`;
      const marks = { fragments: [], action: false, highlighted: false, first: false };
      const message = { id: `m${count}`, text, ...marks };
      return { type: "chat.message", platform: "twitch", data: { user, message } };
    };
    await post(relay, "busy", Array.from({ length: 100 }, say));
    await page.getByText("line 100 of many").waitFor();
    await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const read = async (): Promise<number> => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    };
    const began = performance.now();
    const before = await read();
    for (let batch = 1; batch <= BATCHES * seconds; batch++) {
      await post(relay, "busy", Array.from({ length: perSecond / BATCHES }, say));
      const due = began + (batch * 1000) / BATCHES;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
    const took = (performance.now() - began) / 1000;
    const after = await read();
    await page.getByText(`line ${count} of many`).waitFor();
    const tasks = listTasks((await browser.stopTracing()).toString());
    const newest = await page.locator("tbody tr").first().textContent();
    return {
      busy: (after - before) / took,
      longest: Math.max(0, ...tasks),
      longTasks: tasks.filter((each) => each > 50).length,
      seen: Number(/line (\d+)/.exec(newest ?? "")?.[1] ?? 0),
      posted: count,
    };
  } finally {
    await browser.close();
    await relay.kill();
  }
}

interface Traced {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The tasks of pages' main threads, in ms of processor time. */
export function listTasks(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly Traced[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith("RunTask") && mains.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
}
