import { z } from "zod";

import { decodeJson, isRecord } from "../../../lib/json.ts";
import type { TargetLookUp } from "../../provider.ts";
import { toHttpUrl } from "./sending.ts";

// A page is called by the display name, which its owner may change; everything else goes by the
// username, which stays.
const PAGE = /^(?:https?:\/\/)?(?:www\.)?dlive\.tv\/(?:c\/)?([^/?#\s]{1,100})\/?(?:[?#].*)?$/i;

const QUERY =
  "query LivestreamPage($displayname: String!) {" +
  " userByDisplayName(displayname: $displayname) { username } }";

const Answer = z.looseObject({
  data: z.looseObject({
    userByDisplayName: z.looseObject({ username: z.string().min(1).max(100) }).nullable(),
  }),
});

/** The look-up of a streamer's username by the address of their page. */
export const lookUp: TargetLookUp = {
  due(target, url) {
    const displayname = readPage(isRecord(target) ? target["streamer"] : null);
    if (displayname === null) return null;
    return {
      url: toHttpUrl(url),
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        operationName: "LivestreamPage",
        query: QUERY,
        variables: { displayname },
      }),
    };
  },
  answered(_target, { status, body }) {
    const answer = status === 200 ? decodeJson(Answer, body) : null;
    if (answer?.ok !== true) return { ok: false, isUnknown: false };
    const user = answer.value.data.userByDisplayName;
    return user === null
      ? { ok: false, isUnknown: true }
      : { ok: true, target: { streamer: user.username } };
  },
};

/** The display name in a page's address; null for what is none. */
function readPage(streamer: unknown): string | null {
  const [, name] = typeof streamer === "string" ? (PAGE.exec(streamer) ?? []) : [];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    // Percent signs that stand for nothing: it is taken as it is.
    return name;
  }
}
