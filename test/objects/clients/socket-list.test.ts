import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { Client } from "../../../src/objects/clients/client.ts";
import { listSockets as listSocketsOf } from "../../../src/objects/gateways/socket-list.ts";
import { Hub } from "../../../src/objects/hub/object.ts";
import { call, makeChannel } from "../../support/api.ts";
import { keyFor } from "../../support/authority.ts";
import { dial, tokenOf } from "../../support/gateways.ts";
import { crowd, evictChannel, evictHubs } from "../../support/hubs.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";
import { openStream } from "../../support/streams.ts";

const ROOM = Number(env.CHANNEL_SOCKETS);

interface Shown {
  readonly id: string;
  readonly protocol: string;
  readonly label: string | null;
  readonly since: string | null;
  readonly behind: number;
  readonly [field: string]: unknown;
}

async function listSockets(channel: string): Promise<readonly Shown[]> {
  const path = `/channels/${channel}/sockets`;
  const { status, body } = await call<{ data: readonly Shown[] }>("GET", path);
  if (status !== 200) throw new Error(`not listed: ${JSON.stringify(body)}`);
  return body.data;
}

const sessionOf = async (socket: TestSocket): Promise<string> =>
  String((await socket.nextOf("hello"))["session"]);

const PLACES = [
  { where: "its channel's object", room: ROOM, evict: evictChannel },
  { where: "a hub", room: 0, evict: evictHubs },
];

describe.for(PLACES)("a socket in $where", ({ room, evict }) => {
  beforeEach(() => crowd(room));
  afterEach(() => crowd(ROOM));

  it("is in the channel's list, with what it hears and goes by, also after a sleep", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const before = Date.now();
    const { id, key } = await keyFor([channel]);
    const label = encodeURIComponent("chat \u00fcber OBS");
    const socket = await connect(channel, `?types=chat.*&raw=true&label=${label}`, { key });
    const session = await sessionOf(socket);
    await evict(channel);
    const [shown, ...others] = await listSockets(channel);
    expect([shown, others]).toEqual([
      {
        id: session,
        protocol: "tributary.v1",
        label: "chat \u00fcber OBS",
        credential: { kind: "key", id },
        filter: { types: ["chat.*"], providers: [], platforms: [] },
        raw: true,
        since: expect.any(String),
        behind: 0,
        unreadBytes: 0,
      },
      [],
    ]);
    expect(Date.parse(shown?.since ?? "")).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify(shown)).not.toContain(key);
    socket.close();
  });

  it("is in it by what it speaks: a stream, a gateway's client, and none that has gone", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const gone = await connect(channel);
    const protocols = ["cloudevents.json"];
    const bare = await connect(channel, "?label=bare", { key: null, protocols });
    const stream = await openStream(channel, "?label=by%20stream");
    const token = await tokenOf(channel);
    const gateway = await dial(`/gateways/restream/ws?accessToken=${token}`);
    gone.close();
    await gone.closed;
    const shown = await listSockets(channel);
    const about = shown.map(({ protocol, label, credential }) => [protocol, label, credential]);
    expect(new Map(about.map((each) => [each[0], each]))).toEqual(
      new Map<unknown, unknown>([
        ["cloudevents.json", ["cloudevents.json", "bare", { kind: "anonymous", id: null }]],
        ["sse", ["sse", "by stream", { kind: "admin", id: null }]],
        ["restream", ["restream", null, { kind: "token", id: expect.any(String) }]],
      ]),
    );
    expect(shown).toHaveLength(3);
    bare.close();
    gateway.close();
    await stream.cancel();
  });

  it("is closed for good by whoever manages the channel, and the others are not", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [ended, other] = [await connect(channel), await connect(channel)];
    const at = `/channels/${channel}/sockets`;
    const id = await sessionOf(ended);
    expect((await call("DELETE", `${at}/${id}`)).status).toBe(204);
    expect(await ended.nextOf("closing")).toMatchObject({ code: 4003 });
    expect((await ended.closed).code).toBe(4003);
    expect((await listSockets(channel)).map((each) => each.id)).toEqual([await sessionOf(other)]);
    const again = await call("DELETE", `${at}/${id}`);
    expect([again.status, again.body["code"]]).toEqual([404, "socket_not_found"]);
    other.close();
  });

  it("of a gateway is closed as its protocol ends one that may not stay", async ({ expect }) => {
    const channel = await makeChannel();
    const gateway = await dial(`/gateways/restream/ws?accessToken=${await tokenOf(channel)}`);
    const [shown] = await listSockets(channel);
    const path = `/channels/${channel}/sockets/${shown?.id}`;
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await gateway.closed).code).toBe(1008);
  });

  it("is another channel's, and not to be found there", async ({ expect }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const [socket, foreign] = [await connect(channel), await connect(other)];
    const id = await sessionOf(foreign);
    expect((await call("DELETE", `/channels/${channel}/sockets/${id}`)).status).toBe(404);
    expect(await listSockets(other)).toHaveLength(1);
    socket.close();
    foreign.close();
  });
});

describe("the list of sockets", () => {
  afterEach(() => {
    crowd(ROOM);
    vi.restoreAllMocks();
  });

  it("is refused, and never cut short, while a hub cannot be asked", async ({ expect }) => {
    const channel = await makeChannel();
    crowd(0);
    const socket = await connect(channel);
    const id = await sessionOf(socket);
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(Hub.prototype, "sockets").mockRejectedValue(new Error("away"));
    vi.spyOn(Hub.prototype, "endSocket").mockRejectedValue(new Error("away"));
    const at = `/channels/${channel}/sockets`;
    for (const [method, path] of [
      ["GET", at],
      ["DELETE", `${at}/${id}`],
    ] as const) {
      const { status, body } = await call(method, path);
      expect([status, body["code"]]).toEqual([503, "unavailable"]);
    }
    socket.close();
  });

  it("says how many events a reader has yet to be sent", async ({ expect }) => {
    const principal = { kind: "admin", credentialId: "admin", scopes: [], channels: null } as const;
    const filter = { types: [], providers: [], platforms: [] };
    const about = { dialect: "sse", raw: false, from: "", label: null, openedAt: null } as const;
    const stub = env.CHANNEL.getByName(`behind-${crypto.randomUUID()}`);
    const behind = await runInDurableObject(stub, (_, ctx) => {
      const clients = ([7, 20, null] as const).map((at, index) => {
        const { 0: theirs, 1: ours } = new WebSocketPair();
        ctx.acceptWebSocket(ours);
        theirs.accept();
        const spec = { ...about, principal: { ...principal, scopes: [] }, filter };
        return Client.arrive(ours, { ...spec, session: String(index), at });
      });
      const given = { byDialect: {}, delivered: 0, shed: 0 };
      const native = { all: () => clients, end: () => false, ...given };
      const none = { byProtocol: () => ({}), deliveredOn: () => 0 };
      const gateways = { on: () => [], end: () => false, ...none };
      const seats = { channel: "behind", head: 20, native, gateways };
      return listSocketsOf(seats, { after: "", most: 9 }).map((each) => each.behind);
    });
    expect(behind).toEqual([13, 0, 0]);
  });

  it("takes a label of a hundred characters and no more", async ({ expect }) => {
    const channel = await makeChannel();
    const label = "\u5b57".repeat(100);
    const socket = await connect(channel, `?label=${encodeURIComponent(label)}`);
    expect((await listSockets(channel)).map((each) => each.label)).toEqual([label]);
    const open = (text: string): Promise<unknown> =>
      connect(channel, `?label=${encodeURIComponent(text)}`);
    await expect(open(`${label}x`)).rejects.toThrow("400");
    await expect(open("")).rejects.toThrow("400");
    socket.close();
  });
});
