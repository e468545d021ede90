import type { SessionContext } from "../../gateway-session.ts";
import type {
  AskedAddress,
  Admission,
  UpgradeRequest,
  UpgradeRejection,
  Refused,
} from "../../gateway.ts";
import { answerFailure } from "../viewer-interface/failures.ts";
import { isViewerPath } from "../viewer-interface/viewers.ts";
import { answer, texts } from "../wire/frames.ts";

/** The context of a viewer's socket. */
export const VIEWER = "viewer";

/**
 * The address at which a viewer's page gets its pushes. It is ours alone: the real server uses
 * Twitch.
 */
const VIEWER_PATH = "/viewer";

/** Is it a game's address, by what its query holds, or the path of a viewer's call? */
export function ownsPath({ isUpgrade, path, query }: AskedAddress): boolean {
  if (!isUpgrade) return isViewerPath(path);
  return (
    path === "/" && (Object.hasOwn(query, "client_id") || Object.hasOwn(query, "access_token"))
  );
}

/** How a game, or a viewer's page, is let in. */
export function admit({ path, query }: UpgradeRequest): Admission {
  if (path === VIEWER_PATH) {
    const credential = query["token"] ?? null;
    return { channel: null, credential, subprotocol: null, about: VIEWER, needs: "interact:write" };
  }
  const admission = { channel: null, subprotocol: null, about: null };
  if (path === "/" && Object.keys(query).length === 0) {
    return { ...admission, credential: null, refused: "no_query" };
  }
  const { client_id: clientId = "", access_token: credential = "" } = readQuery(path, query);
  return clientId === "" || credential === ""
    ? { ...admission, credential: null, refused: "no_credential" }
    : { ...admission, credential };
}

/**
 * The real server cuts the first character of what is asked for, and reads all the rest as a query:
 * with a path, that is part of the first name.
 */
function readQuery(path: string, query: Readonly<Record<string, string>>): Record<string, string> {
  if (path === "/") return { ...query };
  const [first, ...rest] = Object.entries(query);
  if (first === undefined) return {};
  const [name, value] = first;
  return { [`${path.slice(1)}?${name}`]: value, ...Object.fromEntries(rest) };
}

/** Says no: to a game on a socket that is closed at once, to a page with an answer. */
export function refuse(reason: Refused, about: SessionContext = null): UpgradeRejection {
  if (about === VIEWER) {
    const { status, type, body } = answerFailure(
      reason === "unavailable"
        ? "unavailable"
        : reason === "no_credential"
          ? reason
          : "unauthorized",
    );
    return { kind: "answer", status, type, body };
  }
  const frame = answer("error", "connection", toText(reason));
  const code = reason === "unavailable" ? 1013 : 1008;
  return { kind: "socket", frames: [frame], code, reason: "" };
}

function toText(reason: Refused): string {
  switch (reason) {
    case "no_query":
      return texts.queryMissing;
    case "no_credential":
      return texts.credentialMissing;
    case "unauthorized":
      return texts.tokenInvalid;
    case "forbidden":
      // A credential that is good, and not one of a channel that may show interfaces.
      return texts.tokenWrongKind;
    case "channel_not_found":
      return `${texts.userUnknown}channel not found`;
    case "unavailable":
      return `${texts.userUnknown}unavailable`;
  }
}
