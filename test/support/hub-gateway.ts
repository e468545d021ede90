import { z } from "zod";

import { Principal } from "../../src/event/principal.ts";
import { decodeJson } from "../../src/lib/json.ts";
import type { GatewayEffect } from "../../src/protocols/gateway-session.ts";
import { defineGateway } from "../../src/protocols/gateway.ts";
import { protocols } from "../../src/protocols/registry.ts";

/*
 * A protocol whose sockets name their channels in frames, as plain as can be: it says everything
 * that a hub is asked for, and shows everything that a hub answers.
 */

const State = z.object({ who: Principal.nullable(), channels: z.array(z.string()) });
type State = z.infer<typeof State>;

/** What a client may say, each with a name of its own for the answer. */
const Said = z.object({
  requestId: z.string().default("a"),
  as: z.string().nullish(),
  follow: z.string().optional(),
  unfollow: z.string().optional(),
  look: z.string().optional(),
  send: z.string().optional(),
  post: z.string().optional(),
});

const tell = (what: object): GatewayEffect => ({
  type: "frame-send",
  frame: JSON.stringify(what),
});

const plain = defineGateway<State>({
  protocol: "dlive",
  seat: "hub",
  overflows: false,
  heartbeatMs: 20_000,
  needs: "events:read",
  State,
  closes: { slow: 4108, credential: 4001 },
  principalsOf: ({ who }) => (who === null ? [] : [who]),
  ownsPath: () => false,
  admit: ({ query }) => ({
    channel: null,
    credential: null,
    subprotocol: null,
    about: null,
    ...(query["bring"] !== undefined && { bring: query["bring"] }),
  }),
  refuse: () => ({ kind: "socket", frames: [], code: 4001, reason: "refused" }),
  handOver: (snapshot) => snapshot,
  begin({ brought }) {
    const before = State.safeParse(brought);
    if (!before.success) {
      const state = { who: null, channels: [] };
      return { state, effects: brought === null ? [tell({ brought: false })] : [] };
    }
    const { who, channels } = before.data;
    if (who === null) return { state: before.data, effects: [] };
    const effects = channels.map((channel): GatewayEffect => ({
      type: "channel-follow",
      requestId: channel,
      channel,
      principal: who,
    }));
    return { state: before.data, effects };
  },
  step(state, input) {
    switch (input.type) {
      case "frame-received":
        return { state, effects: heard(state, input.frame) };
      case "credential-checked":
        return {
          state: { ...state, who: input.principal },
          effects: [tell({ requestId: input.requestId, who: input.principal?.kind ?? null })],
        };
      case "follow-answered": {
        const { answer, requestId } = input;
        if (!answer.ok) return { state, effects: [tell({ requestId, refused: answer.code })] };
        const { id, head, connections } = answer.value;
        const channels = [...state.channels.filter((each) => each !== id), id];
        return {
          state: { ...state, channels },
          effects: [tell({ requestId, followed: id, head, connections: connections.length })],
        };
      }
      case "events-observed":
        return {
          state,
          effects: input.events.map(({ id, data }) =>
            tell({ channel: input.channel, id, text: data["text"] ?? null }),
          ),
        };
      case "channel-looked":
        return {
          state,
          effects: [tell({ requestId: input.requestId, looked: input.channel?.name ?? null })],
        };
      case "send-answered":
        return { state, effects: [tell({ requestId: input.requestId, sent: input.answer.ok })] };
      case "post-answered":
        return { state, effects: [tell({ requestId: input.requestId, posted: input.answer.ok })] };
      case "channel-gone":
        return { state, effects: [tell({ gone: input.channel })] };
      case "heartbeat":
        return { state, effects: [tell({ beat: true })] };
      case "hand-over-planned":
        return { state, effects: [tell({ token: input.token })] };
      default:
        return { state, effects: [] };
    }
  },
});

function heard(state: State, frame: string | null): GatewayEffect[] {
  const decoded = decodeJson(Said, frame ?? "");
  if (!decoded.ok) return [tell({ error: true })];
  const { requestId, as, follow, unfollow, look, send, post } = decoded.value;
  const effects: GatewayEffect[] = [];
  if (as !== undefined) effects.push({ type: "credential-check", requestId, credential: as });
  if (follow !== undefined && state.who !== null) {
    effects.push({ type: "channel-follow", requestId, channel: follow, principal: state.who });
  }
  if (unfollow !== undefined) effects.push({ type: "channel-unfollow", channel: unfollow });
  if (look !== undefined) effects.push({ type: "channel-look", requestId, channel: look });
  const principal = state.who;
  if (send !== undefined && principal !== null) {
    const content = { kind: "chat" as const, style: "text" as const, text: "hello" };
    const asked = { sendId: null, content, to: null, sender: "test" };
    effects.push({ type: "send-ask", requestId, channel: send, principal, send: asked });
  }
  if (post !== undefined && principal !== null) {
    const draft = { type: "custom.note" as const, platform: "dlive", data: { text: "posted" } };
    effects.push({ type: "event-post", requestId, channel: post, principal, draft });
  }
  return effects;
}

/**
 * Serves it where DLive's is, until the answered function is called: the objects of a test run have
 * the same registry as the test, and as the files of tests that follow.
 */
export function servePlain(): () => void {
  const { dlive } = protocols;
  if (dlive === undefined) throw new Error("DLive has no gateway");
  protocols.dlive = { ...dlive, gateway: plain };
  return () => {
    protocols.dlive = dlive;
  };
}
