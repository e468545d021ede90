import { beforeEach, describe, it } from "vitest";

import type { MetricsView } from "../../src/calls/metrics.ts";
import { call, makeChannel, numbers, postNotes } from "../support/api.ts";
import { crowd, evictChannel } from "../support/hubs.ts";
import { connect } from "../support/sockets.ts";

beforeEach(() => crowd(2_000));

async function metricsOf(channel: string, query = ""): Promise<MetricsView> {
  const { status, body } = await call<MetricsView>("GET", `/channels/${channel}/metrics${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** All steps as one: a minute may end in the middle of a test. */
function sumUp({ points }: MetricsView) {
  const all = (count: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + count(point), 0);
  return {
    events: all(({ events }) => events),
    api: all(({ byProvider }) => byProvider["api"]?.events ?? 0),
    delivered: all(({ delivered }) => delivered),
  };
}

describe("GET …/metrics", () => {
  it("tells what a channel did by the minute, and of each provider", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await postNotes(channel, numbers(1, 5));
    await socket.events(5);
    const view = await metricsOf(channel);
    expect(sumUp(view)).toEqual({ events: 5, api: 5, delivered: 5 });
    expect(view.stepSeconds).toBe(60);
    expect(view.points.at(-1)).toMatchObject({ sockets: 1, viewers: null, shed: 0 });
    expect(Date.parse(view.to) - Date.parse(view.from)).toBeGreaterThanOrEqual(86_400_000 - 60_000);
  });

  it("counts what hubs give out", async ({ expect }) => {
    crowd(0);
    const channel = await makeChannel();
    const socket = await connect(channel);
    await postNotes(channel, numbers(1, 3));
    await socket.events(3);
    // What a hub gave out it says with its answer: by the next one it has been heard.
    await postNotes(channel, numbers(4, 4));
    await socket.events(1);
    expect(sumUp(await metricsOf(channel)).delivered).toBeGreaterThanOrEqual(3);
  });

  it("knows every event after the object was lost", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, numbers(1, 4));
    await evictChannel(channel);
    await postNotes(channel, numbers(5, 6));
    await evictChannel(channel);
    expect(sumUp(await metricsOf(channel))).toMatchObject({ events: 6, api: 6 });
  });

  it("joins minutes to steps that begin at round times, from a time on", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    const day = await metricsOf(channel, "?step=86400");
    expect(day.points.map(({ at }) => at.slice(10))).toEqual(
      day.points.map(() => "T00:00:00.000Z"),
    );
    expect(sumUp(day).events).toBe(1);
    expect((await metricsOf(channel, "?from=2099-01-01T00:00:00Z")).points).toEqual([]);
  });

  it("begins with nothing on a channel that was made anew", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["a"]);
    await call("DELETE", `/channels/${channel}`);
    await makeChannel({ id: channel });
    expect((await metricsOf(channel)).points).toEqual([]);
  });

  it.for(["?step=61", "?step=0", "?step=90000", "?from=yesterday", "?to=2026-01-01T00:00:00Z"])(
    "refuses %s",
    async (query, { expect }) => {
      const channel = await makeChannel();
      const { status, body } = await call("GET", `/channels/${channel}/metrics${query}`);
      expect([status, body["code"]]).toEqual([400, "invalid_input"]);
    },
  );
});
