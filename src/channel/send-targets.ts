import { grant, refuse, type Answer } from "../event/answer.ts";
import type { SendAsk, SendContent, SendRefusal, Sending } from "../event/sending.ts";
import type { ConnectionEntry, ConnectionMap } from "./connection-map.ts";

/** Why a send is not taken on. */
export type Flaw = Exclude<Answer<never, SendRefusal>, { ok: true }>;

/** The connections, and how each is written to. */
interface Lines {
  connections(): ConnectionMap;
  sendingOf(providerId: string): Sending | undefined;
}

/** All or none: a send that cannot go to one of those it names goes to nobody. */
export function findSendTargets(
  lines: Lines,
  { to, content }: SendAsk,
): Answer<readonly ConnectionEntry[], SendRefusal> {
  const takes = (entry: ConnectionEntry): boolean =>
    entry.writable && lines.sendingOf(entry.providerId)?.kinds.includes(content.kind) === true;
  const listed = Object.values(lines.connections()).filter(({ status }) => status !== "closed");
  if (to === null) {
    const all = listed.filter(takes);
    // An interface is shown to the relay's own viewers in any case.
    if (all.length === 0 && content.kind !== "ui") {
      return refuse("not_writable", "No connection of this channel can be written to.");
    }
    // Those that cannot say it are left out, unless none can: then the first tells why.
    const able = all.filter((entry) => findFlaw(lines, [entry], content) === null);
    return grant(able.length > 0 ? able : all);
  }
  const entries: ConnectionEntry[] = [];
  for (const [index, identifier] of [...new Set(to)].entries()) {
    const entry = listed.find((each) => each.identifier === identifier);
    const where = { pointer: `/to/${index}` };
    if (entry === undefined) {
      const detail = `There is no connection ${identifier.slice(0, 100)}.`;
      return refuse("connection_not_found", detail, [{ ...where, detail }]);
    }
    if (!takes(entry)) {
      const detail = `The connection ${identifier} cannot be written to.`;
      return refuse("not_writable", detail, [{ ...where, detail }]);
    }
    entries.push(entry);
  }
  return grant(entries);
}

/** Why one of them cannot say it. */
export function findFlaw(
  lines: Pick<Lines, "sendingOf">,
  entries: readonly ConnectionEntry[],
  content: SendContent,
): Flaw | null {
  for (const { identifier, providerId } of entries) {
    const flaw = lines.sendingOf(providerId)?.check(content) ?? null;
    if (flaw === null) continue;
    const { pointer = "", detail } = flaw;
    return refuse("invalid_input", `${identifier}: ${detail}`, [{ pointer, detail }]);
  }
  return null;
}
