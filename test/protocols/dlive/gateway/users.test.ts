import { describe, it } from "vitest";

import type { Principal } from "../../../../src/event/principal.ts";
import { isRecord } from "../../../../src/lib/json.ts";
import { gateway } from "../../../../src/protocols/dlive/index.ts";
import { AT, factsOf, reader } from "../client.ts";

const CONNECTION =
  "{totalCount pageInfo{startCursor endCursor hasNextPage hasPreviousPage __typename} list{id} __typename}";
const LANGUAGE = "{id backendID code language __typename}";
const CATEGORY = "{id backendID title imgUrl coverImgUrl watchingCount __typename}";
const EMOTES = "{list{name username sourceURL mimeType level type} __typename}";

/** Every field of a type of DLive's that is never null, with what is selected of it. */
const USER: Readonly<Record<string, string>> = {
  __typename: "",
  id: "",
  username: "",
  displayname: "",
  avatar: "",
  about: "",
  partnerStatus: "",
  role: "",
  createdAt: "",
  lastStreamedAt: "",
  banStatus: "",
  deactivated: "",
  offlineImage: "",
  canSubscribe: "",
  myRoomRole: "",
  isMe: "",
  isFollowing: "",
  isSubscribing: "",
  chatMode: "",
  chatInterval: "",
  allowEmote: "",
  wallet: "{balance totalEarning lastDayEarning __typename}",
  subSetting: "{badgeText badgeColor textColor __typename}",
  treasureChest: "{value state expireAt startGiveawayValueThreshold buffs{type boost} __typename}",
  emote: `{mine${EMOTES} channel${EMOTES} vip${EMOTES} global${EMOTES} __typename}`,
  "chats(count:50)": "{type}",
  panels: "{id}",
  "recentDonations(limit:5)": "{count}",
  followers: CONNECTION,
  "following(first:20)": CONNECTION,
  videos: CONNECTION,
  pastBroadcasts: CONNECTION,
  topContributions: CONNECTION,
  transactions: CONNECTION,
  chatBannedUsers: CONNECTION,
  chatModerators: CONNECTION,
};

const LIVESTREAM: Readonly<Record<string, string>> = {
  __typename: "",
  id: "",
  permlink: "",
  title: "",
  content: "",
  thumbnailUrl: "",
  ageRestriction: "",
  disableAlert: "",
  createdAt: "",
  lastUpdatedAt: "",
  totalReward: "",
  watchingCount: "",
  view: "",
  "watchTime(add:true)": "",
  language: LANGUAGE,
  category: CATEGORY,
  topContributions: CONNECTION,
  creator: select(USER),
};

const PRIVATE: Readonly<Record<string, string>> = {
  accessToken: "",
  insecure: "",
  email: "",
  phone: "",
  language: "",
  nextDisplayNameChangeTime: "",
  showSubSettingTab: "",
  filterWords: "",
  streamKey: "",
  streamTemplate: `{title ageRestriction thumbnailUrl disableAlert category${CATEGORY} language${LANGUAGE}}`,
  subscribers: CONNECTION,
  subscribing: CONNECTION,
};

const anonymous: Principal = {
  kind: "anonymous",
  credentialId: "anonymous",
  scopes: [],
  channels: null,
};

function select(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map((each) => each.join(""))
    .join(" ")}}`;
}

/** The answer to a query of a channel that is live, or not. */
function askFor(query: string, live: boolean | null, principal = anonymous): unknown {
  const body = JSON.stringify({ query });
  const round = gateway.request?.({ path: "/", authorization: null, body }) ?? null;
  const stream = { live, since: live === true ? "2026-11-21T01:00:00.000Z" : null, viewers: null };
  const channel = { ...factsOf("otterbrook"), name: "Otter Brook", stream };
  const { body: text } = round?.answer(principal, [{ type: "channel", channel }], AT) ?? {};
  return (JSON.parse(text ?? "") as { data: unknown }).data;
}

/** The places in an answer where there is nothing. */
function listNulls(value: unknown, at = ""): string[] {
  if (value === null) return [at];
  if (Array.isArray(value))
    return value.flatMap((each, index) => listNulls(each, `${at}/${index}`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => listNulls(each, `${at}/${name}`));
}

const BY_NAME = 'userByDisplayName(displayname:"otterbrook")';

describe("what is looked up", () => {
  it("nothing that DLive always has is null", ({ expect }) => {
    expect(listNulls(askFor(`{${BY_NAME}${select(USER)}}`, null))).toEqual([]);
  });

  it("has nothing null of a stream that is on, with who it is by", ({ expect }) => {
    const query = `{${BY_NAME}{livestream${select(LIVESTREAM)}}}`;
    expect(listNulls(askFor(query, true))).toEqual([]);
    expect(listNulls(askFor(query, false))).toEqual(["/userByDisplayName/livestream"]);
  });

  it("has nothing null of whoever asks, with what is theirs alone", ({ expect }) => {
    const query = `{me{private${select(PRIVATE)} isMe myRoomRole}}`;
    const answer = askFor(query, null, reader);
    expect(listNulls(answer)).toEqual([]);
    expect(answer).toMatchObject({ me: { isMe: true, myRoomRole: "Owner" } });
    expect(askFor(`{${BY_NAME}{private{email}}}`, null)).toEqual({
      userByDisplayName: { private: null },
    });
  });

  it("has nothing null of a message that was sent", ({ expect }) => {
    const query =
      'mutation{sendStreamchatMessage(input:{streamer:"otterbrook",message:"hello"}){message{__typename type id content createdAt role roomRole subscribing subLength emojis sender{__typename id username displayname partnerStatus badges}}}}';
    const body = JSON.stringify({ query });
    const round = gateway.request?.({ path: "/", authorization: "t0ken", body });
    const sent = {
      type: "send" as const,
      answer: { ok: true as const, value: { sendId: "s-1", targets: [] } },
    };
    const { body: text } = round?.answer(reader, [sent], AT) ?? {};
    expect(listNulls(JSON.parse(text ?? "null"))).toEqual([]);
    expect(JSON.parse(text ?? "")).toMatchObject({
      data: { sendStreamchatMessage: { message: { createdAt: `${AT}000000` } } },
    });
  });
});

describe("a client of dlive.py", () => {
  const stream =
    "{id permlink ageRestriction thumbnailUrl disableAlert title createdAt totalReward watchingCount language{code language} category{title imgUrl coverImgUrl} view}";
  interface Room {
    readonly chatMode: string;
    readonly treasureChest: { readonly value: string; readonly state: string };
    readonly followers: { readonly totalCount: number };
    readonly livestream: { readonly createdAt: string; readonly language: object } | null;
    readonly hostingLivestream: null;
  }
  // The names of its enumerations, without which it ends with an error.
  const MODES = ["default", "subonly", "followonly"];
  const CHESTS = ["collecting", "claiming"];

  it.for([null, true])(
    "reads the chat of a streamer whose stream is on: %s",
    (live, { expect }) => {
      const query = `query{${BY_NAME}{treasureChest{value state} chatInterval chatMode followers{totalCount} hostingLivestream${stream} livestream${stream} about}}`;
      const { userByDisplayName: room } = askFor(query, live) as { userByDisplayName: Room };
      expect(MODES).toContain(room.chatMode.toLowerCase());
      expect(CHESTS).toContain(room.treasureChest.state.toLowerCase());
      expect(room.followers.totalCount).toBe(0);
      expect(room.hostingLivestream).toBeNull();
      // It cuts the milliseconds off, and reads what is left as a number.
      if (live === true)
        expect(Number(room.livestream?.createdAt.slice(0, -3))).toBe(1_795_222_800);
      else expect(room.livestream).toBeNull();
    },
  );

  it("reads a streamer", ({ expect }) => {
    const query = `query{${BY_NAME}{username displayname avatar partnerStatus createdAt wallet{balance totalEarning} canSubscribe banStatus deactivated offlineImage}}`;
    const { userByDisplayName: user } = askFor(query, null) as {
      userByDisplayName: { createdAt: string; partnerStatus: string; banStatus: string };
    };
    expect(user).toMatchObject({ partnerStatus: "NONE", banStatus: "NO_BAN" });
    expect(Number(user.createdAt.slice(0, -3))).toBeGreaterThan(0);
  });
});
