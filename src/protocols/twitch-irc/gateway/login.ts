import type { Principal } from "../../../event/principal.ts";
import { hashText } from "../../../lib/fingerprint.ts";
import { closeSocket } from "../../effects.ts";
import {
  CAPABILITIES,
  listWelcome,
  SERVER,
  tell,
  type Capability,
  type Told,
} from "../wire/served.ts";
import { askForRooms } from "./rooms.ts";
import { describeOwn, isNobody, keepState, say, type Reaction, type State } from "./state.ts";

const READER = /^justinfan\d*$/;
const NICK = /^[\w-]{1,64}$/;
const PREFIX = "twitch.tv/";

/** The words by which every client knows that its password is refused. */
const REFUSED = "Login authentication failed";

/** A client asks what there is, or for some of it, with the prefix or without. */
export function negotiate(state: State, [kind = "", words = ""]: readonly string[]): Reaction {
  const nick = state.nick ?? "*";
  switch (kind.toUpperCase()) {
    case "LS": {
      const all = CAPABILITIES.map((each) => PREFIX + each).join(" ");
      const next = { ...state, isNegotiating: !state.isIn };
      return { state: next, effects: say(next, [tell("CAP", [nick, "LS", all])]) };
    }
    case "LIST": {
      const own = state.caps.map((each) => PREFIX + each).join(" ");
      return { state, effects: say(state, [tell("CAP", [nick, "LIST", own])]) };
    }
    case "REQ": {
      const asked = words.split(" ").filter((each) => each !== "");
      const found = asked.map((each) =>
        CAPABILITIES.find((cap) => cap === (each.startsWith(PREFIX) ? each.slice(10) : each)),
      );
      const isKnown = found.every((each): each is Capability => each !== undefined);
      const answer = tell("CAP", [nick, isKnown ? "ACK" : "NAK", words]);
      const caps = isKnown ? [...new Set([...state.caps, ...found])] : state.caps;
      const next = { ...state, caps };
      return { state: next, effects: say(next, [answer]) };
    }
    case "END":
      return letIn({ ...state, isNegotiating: false });
    default:
      return keepState(state);
  }
}

/** A client's password: one of the relay's credentials. It is looked at, and never remembered. */
export function showPassword(state: State, password: string): Reaction {
  if (state.isIn || state.proof === "asked") return keepState(state);
  const credential = password.replace(/^oauth:/i, "");
  if (credential === "") return letIn({ ...state, proof: "refused" });
  return {
    state: { ...state, proof: "asked", principal: null },
    effects: [{ type: "credential-check", requestId: "password", credential }],
  };
}

/** A client's name. Under a reader's it needs no password, and one is not looked at. */
export function showNick(state: State, given: string): Reaction {
  if (state.isIn || state.nick !== null) return keepState(state);
  const nick = given.toLowerCase();
  if (!NICK.test(nick)) return refuse(state, "Invalid NICK");
  if (!READER.test(nick)) return letIn({ ...state, nick });
  return {
    state: { ...state, nick, proof: "asked", principal: null },
    effects: [{ type: "credential-check", requestId: "reader", credential: null }],
  };
}

export function onCredential(
  state: State,
  { requestId, principal }: { requestId: string; principal: Principal | null },
): Reaction {
  const wanted = READER.test(state.nick ?? "") ? "reader" : "password";
  if (state.isIn || requestId !== wanted) return keepState(state);
  return letIn({ ...state, principal, proof: principal === null ? "refused" : "good" });
}

/** Lets a client in that has shown all that it needs to, or refuses it. */
function letIn(state: State): Reaction {
  const { nick, proof, principal } = state;
  if (state.isIn || nick === null || proof === "asked") return keepState(state);
  if (proof !== "good" || principal === null) return refuse(state, REFUSED);
  if (state.isNegotiating) return keepState(state);
  const next = { ...state, isIn: true };
  const lines = [...listWelcome(nick), ...describeSelf(next)];
  const rooms = askForRooms(next);
  return { state: rooms.state, effects: [...say(next, lines), ...rooms.effects] };
}

/** Tells a client who it is here; nobody is told so. */
function describeSelf(state: State): Told[] {
  if (isNobody(state)) return [];
  const { principal } = state;
  const id = hashText(principal?.subject ?? principal?.credentialId ?? "", 0);
  return [tell("GLOBALUSERSTATE", [], { ...describeOwn(state), "user-id": String(id) })];
}

function refuse(state: State, words: string): Reaction {
  const effects = say(state, [tell("NOTICE", ["*", words])]);
  return {
    state: { ...state, isOver: true },
    effects: [...effects, closeSocket(1000, `${SERVER} has closed`)],
  };
}

/** A refusal as a socket is told that was not let in at all. */
export const REFUSAL = `${tell("NOTICE", ["*", REFUSED]).text}\r\n`;
