import { SubscriptionClient, type OperationOptions } from "subscriptions-transport-ws";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { WebSocket } from "ws";

import { call, startRelay, type StartedRelay } from "./support/relay.ts";

/*
 * The client library that DLive's own site was built with, as it is, against a relay as it is
 * started: nothing between them but sockets.
 */

const QUERY = `
  subscription StreamMessageSubscription($streamer: String!) {
    streamMessageReceived(streamer: $streamer) {
      type
      ... on ChatText { id content ...VStreamChatSenderInfoFrag __typename }
      __typename
    }
  }
  fragment VStreamChatSenderInfoFrag on SenderInfo {
    subscribing role roomRole
    sender { id username displayname avatar partnerStatus __typename }
    __typename
  }
`;

interface Heard {
  readonly data?: {
    readonly streamMessageReceived?: readonly { type: string; content?: string }[];
    readonly treasureChestMessageReceived?: { type: string };
  };
}

/** What an operation is told, in its order. */
class Listener {
  readonly heard: Heard[] = [];
  readonly errors: unknown[] = [];
  #look: () => void = () => {};
  readonly stop: () => void;

  constructor(client: SubscriptionClient, options: OperationOptions) {
    const { unsubscribe } = client.request(options).subscribe({
      next: (result) => {
        this.heard.push(result as Heard);
        this.#look();
      },
      error: (error: unknown) => {
        this.errors.push(error);
        this.#look();
      },
    });
    this.stop = unsubscribe;
  }

  get texts(): (string | undefined)[] {
    return this.heard.flatMap(
      ({ data }) => data?.streamMessageReceived?.map(({ content }) => content) ?? [],
    );
  }

  async until(isMet: (listener: this) => boolean): Promise<void> {
    while (!isMet(this)) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}

/** The library's own default: it gives up a socket that sends no `ka` for so long. */
const KA_WITHIN_MS = 30_000;

let relay: StartedRelay;
const clients: SubscriptionClient[] = [];

beforeAll(async () => {
  relay = await startRelay();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close(true, true);
});
afterAll(async () => {
  await relay.kill();
});

/** The client as a page makes one. */
function dial(path: string, connectionParams: object): SubscriptionClient {
  const options = {
    connectionParams,
    timeout: KA_WITHIN_MS,
    reconnect: true,
    inactivityTimeout: 0,
  };
  const client = new SubscriptionClient(`${relay.socketUrl}${path}`, options, WebSocket);
  clients.push(client);
  return client;
}

let made = 0;

async function makeChannel(settings: object = {}): Promise<string> {
  made += 1;
  const { id } = await call<{ id: string }>(relay, "POST", "/channels", {
    id: `stream-${made}`,
    ...settings,
  });
  return id;
}

const say = (channel: string, ...texts: readonly string[]) =>
  call(
    relay,
    "POST",
    `/channels/${channel}/events`,
    texts.map((text) => ({
      type: "chat.message",
      platform: "twitch",
      data: {
        user: { key: "twitch:1", id: "1", name: "Ada", roles: [], badges: [], anonymous: false },
        message: {
          id: `m-${text}`,
          text,
          fragments: [{ type: "text", text }],
          action: false,
          highlighted: false,
          first: false,
        },
      },
    })),
  );

/** Says things until the first is heard: from then on nothing may be missing. */
async function begin(channel: string, ...listeners: readonly Listener[]): Promise<void> {
  const isHeard = (): boolean => listeners.every(({ heard }) => heard.length > 0);
  for (let i = 0; !isHeard(); i += 1) await say(channel, `begin ${i}`);
  await say(channel, "begun");
  for (const each of listeners) await each.until(({ texts }) => texts.includes("begun"));
  for (const { heard } of listeners) heard.splice(0);
}

describe("npm subscriptions-transport-ws as a DLive client", () => {
  it("hears two streamers and a chest on one socket, each by its own operation", async ({
    expect,
  }) => {
    const [first, second] = [await makeChannel(), await makeChannel()];
    const client = dial("/", { authorization: relay.key });
    const ofFirst = new Listener(client, { query: QUERY, variables: { streamer: first } });
    const ofSecond = new Listener(client, {
      query: `subscription{streamMessageReceived(streamer:"${second}"){__typename}}`,
    });
    const ofChest = new Listener(client, {
      query:
        "subscription TreasureChestMessageReceived($streamer:String!){treasureChestMessageReceived(streamer:$streamer){type}}",
      variables: { streamer: first },
    });
    await begin(first, ofFirst);
    await begin(second, ofSecond);
    const texts = Array.from({ length: 50 }, (_, i) => `line ${i}`);
    for (const text of texts) await say(first, text);
    await say(second, "elsewhere");
    await call(relay, "POST", `/channels/${first}/events`, {
      type: "chest.giveaway.ended",
      data: {},
    });
    await ofFirst.until(({ heard }) => heard.length >= texts.length);
    await ofSecond.until(({ heard }) => heard.length > 0);
    await ofChest.until(({ heard }) => heard.length > 0);
    expect(ofFirst.texts).toEqual(texts);
    expect(ofSecond.texts).toEqual(["elsewhere"]);
    expect(ofChest.heard).toMatchObject([
      { data: { treasureChestMessageReceived: { type: "GiveawayEnded" } } },
    ]);
    expect(ofFirst.heard[0]).toMatchObject({
      data: {
        streamMessageReceived: [
          {
            __typename: "ChatText",
            type: "Message",
            id: "m-line 0",
            sender: { username: "twitch:1", displayname: "Ada" },
          },
        ],
      },
    });
  });

  it("reads a public channel without a credential, and others not at all", async ({ expect }) => {
    const [open, closed] = [await makeChannel({ public: true }), await makeChannel()];
    const client = dial("/gateways/dlive/", {});
    const ofOpen = new Listener(client, { query: QUERY, variables: { streamer: open } });
    const ofClosed = new Listener(client, { query: QUERY, variables: { streamer: closed } });
    const ofNobody = new Listener(client, { query: QUERY, variables: { streamer: "nobody" } });
    await begin(open, ofOpen);
    await ofClosed.until(({ errors }) => errors.length > 0);
    await ofNobody.until(({ errors }) => errors.length > 0);
    expect(ofClosed.errors).toEqual([{ message: "unauthorized" }]);
    expect(ofNobody.errors).toEqual([{ message: "unauthorized" }]);
    expect(ofOpen.errors).toEqual([]);
  });

  it("is told of a credential that does not hold", async ({ expect }) => {
    const client = new SubscriptionClient(
      `${relay.socketUrl}/`,
      {
        connectionParams: { authorization: "nope" },
        connectionCallback: (error) => refused(error),
      },
      WebSocket,
    );
    clients.push(client);
    let refused: (error: unknown) => void = () => {};
    const error = await new Promise((resolve) => {
      refused = resolve;
    });
    expect(error).toMatchObject({ message: "unauthorized" });
  });

  it("ends an operation, and goes on with the others", async ({ expect }) => {
    const channel = await makeChannel();
    const client = dial("/", { authorization: `Bearer ${relay.key}` });
    const [one, other] = [1, 2].map(
      () => new Listener(client, { query: QUERY, variables: { streamer: channel } }),
    ) as [Listener, Listener];
    await begin(channel, one, other);
    await say(channel, "to both");
    await one.until(({ texts }) => texts.includes("to both"));
    one.stop();
    await say(channel, "to one");
    await other.until(({ texts }) => texts.includes("to one"));
    await say(channel, "still to one");
    await other.until(({ texts }) => texts.includes("still to one"));
    expect(one.texts.filter((text) => text === "still to one")).toEqual([]);
    expect(other.texts).toEqual(["to both", "to one", "still to one"]);
  });

  it("comes back by itself when its socket is cut, and subscribes anew", async ({ expect }) => {
    const channel = await makeChannel();
    const client = dial("/", { authorization: relay.key });
    const listener = new Listener(client, { query: QUERY, variables: { streamer: channel } });
    await begin(channel, listener);
    const back = new Promise((resolve) => {
      client.onReconnected(resolve);
    });
    client.client.terminate();
    await back;
    await begin(channel, listener);
    await say(channel, "after");
    await listener.until(({ texts }) => texts.includes("after"));
    expect(listener.texts).toEqual(["after"]);
  });

  it("finds its socket alive for longer than it would wait for a ka", async ({ expect }) => {
    const channel = await makeChannel();
    const client = dial("/", { authorization: relay.key });
    let cuts = 0;
    client.onDisconnected(() => {
      cuts += 1;
    });
    const listener = new Listener(client, { query: QUERY, variables: { streamer: channel } });
    await begin(channel, listener);
    const { client: socket } = client as { client: WebSocket };
    const opened = performance.now();
    await new Promise<void>((resolve) => {
      socket.on("message", (data: Buffer) => {
        const isLate = performance.now() - opened > KA_WITHIN_MS;
        if (isLate && data.toString() === '{"type":"ka"}') resolve();
      });
    });
    expect(cuts).toBe(0);
    await say(channel, "still here");
    await listener.until(({ texts }) => texts.includes("still here"));
    expect(client.client).toBe(socket);
  });
});
