/* What people paste into a source's form, and what the API is asked with. Pure. */
import { own } from "../api/own.ts";
import { TOPICS, type SourceKind } from "../text/sources.ts";

export type Given = Readonly<Record<string, string>>;

/** A note about what was taken of what was pasted, by field. */
export type Took = Readonly<Record<string, string>>;

/** Takes what people really paste: quotes, spaces, `Bearer …`, a whole address. */
export function cleanGiven(protocol: string, given: Given): { values: Given; took: Took } {
  const values = new Map<string, string>();
  const took = new Map<string, string>();
  for (const [name, text] of Object.entries(given)) {
    const value = cleanField(protocol, name, text);
    values.set(name, value.text);
    if (value.took !== null) took.set(name, value.took);
  }
  spread(protocol, values, took);
  return { values: Object.fromEntries(values), took: Object.fromEntries(took) };
}

function cleanField(
  protocol: string,
  name: string,
  text: string,
): { text: string; took: string | null } {
  const plain = text
    .trim()
    .replace(/^(authorization:\s*)?(bearer|oauth)[\s:]+/i, "")
    .replace(/^["'`<]+|["'`>,;]+$/g, "")
    .trim();
  // The relay reads addresses of YouTube's itself, and a handle is one with its sign.
  if (protocol === "youtube" && (name === "channel" || name === "video")) {
    return { text: plain, took: null };
  }
  if (name === "channel") {
    const slug = /^(?:https?:\/\/)?(?:www\.)?kick\.com\/(?:popout\/)?([\w-]+)/i.exec(plain)?.[1];
    if (slug !== undefined) return { text: slug, took: "The name was taken from the address." };
    const login = /^(?:https?:\/\/)?(?:www\.|m\.)?twitch\.tv\/(?:popout\/)?(\w+)/i.exec(plain)?.[1];
    if (login !== undefined) return { text: login, took: "The login was taken from the address." };
    return { text: plain.replace(/^[@#]/, ""), took: null };
  }
  // A page goes by the display name: the relay looks up whose it is.
  if (name === "streamer") return { text: plain.replace(/^@/, ""), took: null };
  if (name === "url") {
    const swapped = plain.replace(/^http(s?):\/\//i, "ws$1://");
    const whole = swapped === "" || /^wss?:\/\//i.test(swapped) ? swapped : `wss://${swapped}`;
    return { text: whole, took: whole === plain ? null : "The address was made one of a socket." };
  }
  const inAddress = /[?&#](?:access_?token|token|jwt|apikey)=([^&#\s]+)/i.exec(plain)?.[1];
  if (inAddress !== undefined && protocol !== "") {
    return { text: decode(inAddress), took: "The token was taken from the address." };
  }
  return {
    text: plain,
    took: plain === text.trim() ? null : "What does not belong to it was taken off.",
  };
}

/** Moves what stands in an address into the fields that it belongs to. */
function spread(protocol: string, values: Map<string, string>, took: Map<string, string>): void {
  const url = values.get("url");
  if (url !== undefined && URL.canParse(url)) {
    const parsed = new URL(url);
    const names =
      protocol === "multistreamer"
        ? ([["token", "token"]] as const)
        : ([
            ["client_id", "clientId"],
            ["access_token", "accessToken"],
          ] as const);
    for (const [parameter, field] of names) {
      const found = parsed.searchParams.get(parameter);
      if (found === null) continue;
      if ((values.get(field) ?? "") === "") values.set(field, found);
      took.set("url", "The credentials were taken out of the address.");
      parsed.searchParams.delete(parameter);
    }
    if (protocol === "multistreamer") {
      const match = /^(.*?)\/(?:ws|streams?|chat)\/([\w-]+)\/?$/.exec(parsed.pathname);
      if (match !== null) {
        const [, path = "/", stream = ""] = match;
        if ((values.get("streamId") ?? "") === "") values.set("streamId", stream);
        parsed.pathname = path === "" ? "/" : path;
        if (!took.has("url")) took.set("url", "The stream's number was taken out of the address.");
      }
    }
    if (took.has("url")) values.set("url", parsed.href.replace(/\?$/, ""));
  }
  if (protocol === "astro" && (values.get("token") ?? "") !== "") {
    values.set(
      "tokenType",
      guessTokenType(values.get("token") ?? "", values.get("tokenType") ?? "jwt"),
    );
  }
}

/** The kind of a StreamElements token by its form; what was chosen where the form says nothing. */
function guessTokenType(token: string, chosen: string): string {
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return chosen === "oauth2" ? "oauth2" : "jwt";
  return chosen === "jwt" ? "apikey" : chosen;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign is a part of it.
    return text;
  }
}

/** Makes what the API is asked with of a form's fields. */
export function makeLink(
  kind: SourceKind,
  values: Given,
): { target: Record<string, unknown>; credentials: Record<string, unknown>; url: string | null } {
  const link = {
    target: {} as Record<string, unknown>,
    credentials: {} as Record<string, unknown>,
    url: null as string | null,
  };
  for (const { name, in: place } of kind.fields) {
    const value = own(values, name) ?? "";
    if (value === "") continue;
    if (place === "url") link.url = value;
    else if (place !== "form") link[place][name] = value;
  }
  if (kind.protocol === "astro") link.target["topics"] = [...TOPICS];
  if (kind.protocol === "youtube") narrowYouTube(link);
  const { streamer } = link.target;
  if (typeof streamer === "string" && own(values, "named") === "page")
    link.target["streamer"] = formatPage(streamer);
  if (kind.protocol === "restream" && link.credentials["refreshToken"] === undefined) {
    const { accessToken } = link.credentials;
    link.credentials = accessToken === undefined ? {} : { accessToken };
  }
  return link;
}

/** The address of a streamer's page: by it the relay looks up whose it is. */
function formatPage(name: string): string {
  return name.includes("/") ? name : `https://dlive.tv/${encodeURIComponent(name)}`;
}

/** Fields that are needed and empty. */
export function listMissing(kind: SourceKind, values: Given): string[] {
  const isEmpty = (name: string): boolean => (own(values, name) ?? "") === "";
  if (kind.protocol === "twitch-irc") {
    const given = ["clientId", "accessToken", "refreshToken", "clientSecret"].filter(
      (name) => !isEmpty(name),
    );
    const needed = given.length === 0 ? ["channel"] : ["channel", "clientId", "accessToken"];
    return needed.filter(isEmpty);
  }
  if (kind.protocol === "youtube") return listMissingOfYouTube(isEmpty);
  if (kind.protocol === "restream") {
    const whole = ["clientId", "clientSecret", "refreshToken"];
    const some = whole.filter((name) => !isEmpty(name));
    if (some.length === 0) return isEmpty("accessToken") ? ["accessToken"] : [];
    return whole.filter(isEmpty);
  }
  return kind.fields
    .filter(({ name, in: place, isOptional }) => {
      return isOptional !== true && place !== "form" && isEmpty(name);
    })
    .map(({ name }) => name);
}

/** A channel or a video, and a key or an account. */
function listMissingOfYouTube(isEmpty: (name: string) => boolean): string[] {
  const account = ["clientId", "clientSecret", "refreshToken"];
  const isWithKey = account.every(isEmpty);
  return [
    ...(isEmpty("channel") && isEmpty("video") ? ["channel"] : []),
    ...(isWithKey ? ["apiKey"] : account).filter(isEmpty),
  ];
}

/** Leaves one of two: a video is nearer than its channel, and an account can do more than a key. */
function narrowYouTube({
  target,
  credentials,
}: {
  target: Record<string, unknown>;
  credentials: Record<string, unknown>;
}): void {
  if (target["video"] !== undefined) delete target["channel"];
  if (credentials["refreshToken"] !== undefined) delete credentials["apiKey"];
}
