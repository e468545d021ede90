/*
 * The answers of the three services, in their own shapes, as their documents and the programs that
 * read them have it. The ids are real ones, so that the pictures are there.
 */

export const services = ["7tv", "bttv", "ffz"] as const;
export type Service = (typeof services)[number];

/** An emote before a service has written it down. */
export interface Made {
  readonly name: string;
  readonly id?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly moves?: boolean | undefined;
  readonly zeroWidth?: boolean | undefined;
}

const everywhere: Readonly<Record<Service, readonly Made[]>> = {
  "7tv": [
    { name: "EZ", id: "63071b80942ffb69e13d700f" },
    { name: "Clap", id: "62fc0a0c4a75fd54bd3520a9", moves: true },
    { name: "RainTime", id: "6127289a99cd3c6bac8a0c85", moves: true, zeroWidth: true },
  ],
  bttv: [
    { name: ":tf:", id: "54fa8f1401e468494b85b537" },
    { name: "monkaS", id: "56e9f494fff3cc5c35e5287e" },
    { name: "SoSnowy", id: "567b5b520e984428652809b6", zeroWidth: true },
    { name: "Clap", id: "55b6f480e66682f576dd94f5", moves: true },
  ],
  ffz: [
    { name: "ZrehplaR", id: "9", width: 33, height: 30 },
    { name: "LaterSooner", id: "149346", width: 42, height: 32 },
  ],
};

// Words that the emulated chats say as well.
const own: Readonly<Record<Service, readonly Made[]>> = {
  "7tv": [
    { name: "catJAM", id: "60ae7316f7c927fad14e6ca2", moves: true },
    { name: "snacks", id: "61630205c1ff9a17cc396522", width: 39, height: 32 },
  ],
  bttv: [
    { name: "KEKW", id: "5e9c6c187e090362f8b0b9e8" },
    { name: "ladder", id: "5ada077451d4120ea3918426", moves: true },
  ],
  ffz: [
    { name: "3Head", id: "274406", width: 26, height: 32 },
    { name: "otter", id: "128054", width: 32, height: 32, moves: true },
  ],
};

/** The emotes that a service has unless it was told others: everybody's, or an account's. */
export function usualEmotes(service: Service, account: string | null): readonly Made[] {
  return account === null ? everywhere[service] : own[service];
}

/** The body of an answer. */
export function writeList(
  service: Service,
  account: string | null,
  emotes: readonly Made[],
): unknown {
  switch (service) {
    case "7tv":
      return account === null ? writeSet(emotes) : writeSevenTvUser(account, emotes);
    case "bttv":
      return account === null
        ? emotes.map((each) => writeBttv(each, { userId: "5561169bd6b9d206222a8c19" }))
        : writeBttvUser(emotes);
    case "ffz":
      return account === null ? writeGlobalSets(emotes) : writeRoom(account, emotes);
  }
}

/** The words of a service for an account that it does not know. */
export function writeUnknown(service: Service): unknown {
  switch (service) {
    case "7tv":
      return {
        status_code: 404,
        status: "Not Found",
        error: "Unknown User",
        error_code: 70_442,
      };
    case "bttv":
      return { message: "user not found" };
    case "ffz":
      return { status: 404, error: "Not Found", message: "No such room" };
  }
}

function writeSet(emotes: readonly Made[]): object {
  return {
    id: "62cdd34e72a832540de95857",
    name: "Emotes",
    flags: 0,
    tags: [],
    immutable: false,
    privileged: false,
    emotes: emotes.map(writeSevenTv),
    emote_count: emotes.length,
    capacity: 1_000,
    owner: null,
  };
}

function writeSevenTvUser(account: string, emotes: readonly Made[]): object {
  return {
    id: account,
    platform: "TWITCH",
    username: "rivermoss",
    display_name: "RiverMoss",
    linked_at: 1_650_000_000_000,
    emote_capacity: 1_000,
    emote_set_id: null,
    emote_set: writeSet(emotes),
    user: { id: "60ae3e54259ac5a73e56a426", username: "rivermoss", connections: [] },
  };
}

function writeSevenTv(made: Made): object {
  const { name, moves = false, zeroWidth = false, width = 32, height = 32 } = made;
  const id = made.id ?? makeId(name);
  return {
    id,
    name,
    flags: zeroWidth ? 1 : 0,
    timestamp: 1_657_657_741_507,
    actor_id: null,
    data: {
      id,
      name: `${name}Original`,
      flags: zeroWidth ? 256 : 0,
      lifecycle: 3,
      state: ["LISTED"],
      listed: true,
      animated: moves,
      owner: { id: "60ae3e54259ac5a73e56a426", username: "maker", display_name: "Maker" },
      host: {
        url: `//cdn.7tv.app/emote/${id}`,
        files: ["avif", "webp"].flatMap((format) =>
          [1, 2, 3, 4].map((scale) => ({
            name: `${scale}x.${format}`,
            static_name: `${scale}x_static.${format}`,
            width: width * scale,
            height: height * scale,
            frame_count: moves ? 60 : 1,
            size: 1_000 * scale,
            format: format.toUpperCase(),
          })),
        ),
      },
    },
  };
}

function writeBttvUser(emotes: readonly Made[]): object {
  const half = Math.ceil(emotes.length / 2);
  const shared = { user: { id: "5f", name: "maker", displayName: "Maker", providerId: "1" } };
  return {
    id: "5809977263c97c037fc9e66c",
    bots: [],
    avatar: "https://static-cdn.jtvnw.net/avatar.png",
    channelEmotes: emotes.slice(0, half).map((each) => writeBttv(each, { userId: "5f" })),
    sharedEmotes: emotes.slice(half).map((each) => writeBttv(each, shared)),
  };
}

function writeBttv(made: Made, whose: object): object {
  const { name, moves = false, width, height } = made;
  return {
    id: made.id ?? makeId(name),
    code: name,
    imageType: moves ? "gif" : "png",
    animated: moves,
    ...whose,
    modifier: false,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
}

function writeGlobalSets(emotes: readonly Made[]): object {
  return {
    default_sets: [3],
    sets: {
      "3": writeFfzSet(3, emotes),
      "4330": writeFfzSet(4_330, [{ name: "ForSomeOnly", id: "77" }]),
    },
    users: { "4330": ["somebody"] },
  };
}

function writeRoom(account: string, emotes: readonly Made[]): object {
  return {
    room: {
      _id: 1,
      twitch_id: Number(account),
      id: "rivermoss",
      display_name: "RiverMoss",
      set: 5,
    },
    sets: { "5": writeFfzSet(5, emotes) },
  };
}

function writeFfzSet(id: number, emotes: readonly Made[]): object {
  return { id, _type: 1, icon: null, title: "Set", css: null, emoticons: emotes.map(writeFfz) };
}

function writeFfz(made: Made): object {
  const { name, moves = false, zeroWidth = false, width = 32, height = 32 } = made;
  const id = made.id ?? String(parseInt(makeId(name), 16) % 1_000_000);
  const urls = (folder: string) =>
    Object.fromEntries(
      ["1", "2", "4"].map((scale) => [
        scale,
        `https://cdn.frankerfacez.com/emote/${id}${folder}/${scale}`,
      ]),
    );
  return {
    id: Number(id),
    name,
    width,
    height,
    public: true,
    hidden: false,
    modifier: zeroWidth,
    modifier_flags: 0,
    offset: null,
    margins: null,
    css: null,
    owner: { _id: 2, name: "maker", display_name: "Maker" },
    urls: urls(""),
    ...(moves && { animated: urls("/animated") }),
    status: 1,
    usage_count: 1,
    created_at: "2016-03-08T18:00:00.000Z",
  };
}

/** An id for a name, always the same. */
function makeId(name: string): string {
  return Buffer.from(name).toString("hex").padStart(24, "0").slice(-24);
}
