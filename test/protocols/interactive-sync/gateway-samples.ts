import type { GatewaySamples, SocketSample } from "../support/gateway-samples.ts";

const TOKEN = "t0p-secret-token";

function show(data: unknown): object {
  return { context: "user_interface", data };
}

/** An interface that is about as large as one may be. */
function painted(text: string, at: number): object {
  const names = ["background", "color", "width", "height", "position", "display", "margin"];
  const style = Object.fromEntries(names.map((name) => [name, text.slice(0, 40)]));
  const title = { label: `Title ${text}`.slice(0, 96), style };
  return { id: `id${at}`, mobile: { title, style }, panel: { style } };
}

const game: SocketSample = {
  context: null,
  needs: "interface:write",
  opened: ["ok connection"],
  greeting: [],
  greeted: [],
  frames: {
    "an interface": show({ id: "dawn" }),
    another: show({ id: "dusk" }),
    none: show({}),
    "one that is none": show({ id: 7, surprise: true }),
    "another context": { context: "chat", data: {} },
  },
  says: { "interaction.input": ["emit input"], "interaction.mouse": ["emit mousedown"] },
  writesWith: "interface:write",
  exchange: {
    request: (at) => show({ id: `i${at}` }),
    paceMs: 1000,
    keyOf: ({ context }) => (context === "message" ? "message" : null),
    key: () => "message",
  },
  fills: [(text, at) => show(painted(text, at))],
};

const viewer: SocketSample = {
  context: "viewer",
  needs: "interact:write",
  opened: ["user_interface"],
  greeting: [],
  greeted: [],
  frames: { "an interface": show({ id: "dawn" }), "a word": "hello" },
  says: {},
  writesWith: null,
  fills: [],
};

export const gatewaySamples: GatewaySamples = {
  token: TOKEN,
  addresses: {
    "a game's": {
      request: { path: "/", query: { client_id: "c", access_token: TOKEN }, offered: [] },
      credential: TOKEN,
      isOwn: true,
    },
    "a viewer's page's": {
      request: { path: "/viewer", query: { token: TOKEN }, offered: [] },
      credential: TOKEN,
      isOwn: false,
    },
  },
  sockets: { game, viewer },
  refusals: {
    no_query: 1008,
    no_credential: 1008,
    unauthorized: 1008,
    forbidden: 1008,
    channel_not_found: 1008,
    unavailable: 1013,
  },
  closes: [1008, 1013],
  kindOf({ type, context, status, data }) {
    if (typeof context !== "string") return String(type);
    return context === "emit"
      ? `emit ${String((data as { type?: unknown }).type)}`
      : `${String(status)} ${context}`;
  },
};
