import type { Principal } from "../../../event/principal.ts";
import { decode, parseJson, type Decoded } from "../../../lib/json.ts";
import type {
  GatewayFinding,
  GatewayNeed,
  GatewayReply,
  GatewayRequest,
  GatewayRound,
} from "../../gateway-request.ts";
import { readToken } from "../wire/frames.ts";
import { findField, type FieldOf } from "./fields.ts";
import { readDocument } from "./graphql.ts";
import { Request, type Call } from "./selection.ts";
import { GraphqlRequest } from "./start.ts";

/** More than any client asks for at once. */
const CALLS_MAX = 10;

/** The root field by the operation's name, for requests that hold only a hash. */
const BY_OPERATION: ReadonlyMap<string, string> = new Map([
  ["sendstreamchatmessage", "sendStreamchatMessage"],
  ["deletechat", "chatDelete"],
  ["banstreamchatuser", "streamchatUserBan"],
  ["unbanstreamchatuser", "streamchatUserUnban"],
  ["setchatinterval", "chatIntervalSet"],
  ["chatemotemodeset", "emoteModeSet"],
  ["addmoderator", "moderatorAdd"],
  ["removemoderator", "moderatorRemove"],
  ["livestreampage", "userByDisplayName"],
  ["livestreamchatroominfo", "userByDisplayName"],
  ["meglobal", "me"],
  ["medashboard", "me"],
  ["melivestream", "me"],
]);

/** A root field that is asked for, what it needs, and how its answer is cut to what was asked. */
interface Asked {
  readonly alias: string;
  readonly field: FieldOf;
  readonly args: Readonly<Record<string, unknown>>;
  readonly cut: (value: object | null) => unknown;
}

/** DLive's HTTP side: GraphQL in a POST to `/`, JSON under whatever content type. */
export function request({ path, authorization, body }: GatewayRequest): GatewayRound | null {
  if (path !== "/") return null;
  const parsed = parseJson(body);
  const read = parsed.ok
    ? decode(GraphqlRequest, parsed.value)
    : decode(GraphqlRequest, form(body));
  const asked = read.ok ? readCalls(read.value) : read;
  const credential = readToken(authorization);
  if (!asked.ok) {
    const status = read.ok ? 200 : 400;
    return { credential: null, needs: [], answer: () => replyFailure(status, asked.problem) };
  }
  const needs = asked.value.map(({ field, args }) => field.need(args));
  return {
    credential,
    needs: needs.filter((need): need is GatewayNeed => need !== null),
    answer: (principal, findings, at) => answer(asked.value, needs, principal, findings, at),
  };
}

/** Some send the same fields as a form. */
function form(body: string): unknown {
  const { query, operationName, variables } = Object.fromEntries(new URLSearchParams(body));
  const given = variables === undefined ? null : parseJson(variables);
  if (query === undefined) return null;
  return { query, operationName, variables: given?.ok === true ? given.value : null };
}

function readCalls({ query, operationName, variables }: GraphqlRequest): Decoded<Asked[]> {
  if (query == null) return chooseByName(operationName ?? "", variables ?? {});
  const document = readDocument(query);
  if (!document.ok) return document;
  const request = new Request(document.value, operationName ?? null, variables ?? {});
  const calls = request.calls();
  if (calls.length > CALLS_MAX) return { ok: false, problem: "too many fields at once" };
  const asked: Asked[] = [];
  for (const call of calls) {
    const { kind } = request.operation;
    const field = findField(kind, call.name);
    if (field === undefined) return { ok: false, problem: describeUnknownField(kind, call) };
    const { alias, args, selections } = call;
    asked.push({ alias, field, args, cut: (value) => request.select(value, selections) });
  }
  return { ok: true, value: asked };
}

function chooseByName(
  operationName: string,
  args: Readonly<Record<string, unknown>>,
): Decoded<Asked[]> {
  const name = BY_OPERATION.get(operationName.toLowerCase());
  const field = findField("query", name ?? "") ?? findField("mutation", name ?? "");
  return name === undefined || field === undefined
    ? { ok: false, problem: "PersistedQueryNotFound" }
    : { ok: true, value: [{ alias: name, field, args, cut: (value) => value }] };
}

function describeUnknownField(kind: string, { name }: Call): string {
  const type = kind[0]?.toUpperCase() + kind.slice(1);
  return `Cannot query field "${name.slice(0, 80)}" on type "${type}".`;
}

function answer(
  asked: readonly Asked[],
  needs: readonly (GatewayNeed | null)[],
  principal: Principal | null,
  findings: readonly GatewayFinding[],
  at: number,
): GatewayReply {
  const isNobody = principal === null || principal.kind === "anonymous";
  if (principal === null || (isNobody && asked.some(({ field }) => field.isForSomebody))) {
    return replyFailure(401, "unauthorized");
  }
  const found = [...findings];
  const data = asked.map(({ alias, field, args, cut }, index) => {
    const finding = needs[index] === null ? null : (found.shift() ?? null);
    return [alias, cut(field.answer(args, finding, at))] as const;
  });
  return reply(200, { data: Object.fromEntries(data) });
}

function replyFailure(status: number, message: string): GatewayReply {
  return reply(status, { errors: [{ message }], data: null });
}

function reply(status: number, body: object): GatewayReply {
  return { status, body: JSON.stringify(body) };
}
