import { createElement, useState } from "react";
import { act, create, type ReactTestRenderer } from "react-test-renderer";
import { beforeAll, describe, it } from "vitest";

import type { Channel } from "../../src/client/index.ts";
import { useConnection, useEvents, useLatest } from "../../src/client/react.ts";
import { FakeRelay } from "./support/relay.ts";
import { at, framed } from "./support/session.ts";

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});

async function render(channel: Channel, component: (props: { channel: Channel }) => string) {
  let rendered: ReactTestRenderer | undefined;
  await act(() => {
    rendered = create(createElement(component, { channel }));
  });
  if (rendered === undefined) throw new Error("nothing was rendered");
  return rendered;
}

describe("the hooks", () => {
  it("show the last events and the state, and leave when they are no longer shown", async ({
    expect,
  }) => {
    const relay = new FakeRelay();
    const channel = relay.connect().channel("mine");
    const shown = await render(channel, function Shown({ channel: from }) {
      const { name } = useConnection(from);
      const events = useLatest(from, { types: ["custom.note"] }, 2);
      return `${name}: ${events.map(({ id }) => id).join()}`;
    });
    const socket = await relay.socket();
    await act(() => socket.say({ type: "hello", position: at(0), connections: [] }));
    await act(() => socket.say(framed(0, 3)));
    expect(shown.toJSON()).toBe(`live: ${at(2)},${at(3)}`);
    await act(() => shown.unmount());
    relay.pass(5_000);
    expect(channel.state.name).toBe("idle");
  });

  it("call the newest handler, and listen once however often they are rendered", async ({
    expect,
  }) => {
    const relay = new FakeRelay();
    const channel = relay.connect().channel("mine");
    let listened = 0;
    const on = channel.on.bind(channel);
    channel.on = ((...given: Parameters<typeof on>) => {
      listened += 1;
      return on(...given);
    }) as typeof channel.on;
    const shown = await render(channel, function Counting({ channel: from }) {
      const [count, setCount] = useState(0);
      useEvents(from, ["custom.note"], () => setCount(count + 1));
      return String(count);
    });
    const socket = await relay.socket();
    await act(() => socket.say({ type: "hello", position: at(0), connections: [] }));
    await act(() => socket.say(framed(0, 1)));
    await act(() => socket.say(framed(1, 2)));
    expect(shown.toJSON()).toBe("2");
    expect(listened).toBe(1);
  });
});
