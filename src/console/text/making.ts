/* Made-up people, lines and gifts, of which test events are made. Pure. */

export interface Posted {
  readonly type: string;
  readonly platform: string;
  readonly data: Record<string, unknown>;
  readonly test: true;
}

/** The things that a preset is made with. */
export interface Making {
  readonly platform: string;
  /** Names that nobody has used yet, so that a repeat is another occurrence. */
  readonly id: () => string;
  /** The last test line's id and author, for what is done to it. */
  readonly last: { readonly id: string; readonly name: string } | null;
  readonly now: string;
}

export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly group: "Chat" | "Support" | "Stream" | "Moderation";
  readonly make: (making: Making) => Posted[];
}

const NAMES = ["PixelFern", "rivermoss", "saffron_snail", "Lumen", "Ottoline", "quietcomet"];

export function makeUser(platform: string, name: string): Record<string, unknown> {
  const id = `test-${name.toLowerCase()}`;
  return {
    key: `${platform}:${id}`,
    id,
    login: name.toLowerCase(),
    name,
    roles: [],
    badges: [],
    anonymous: false,
  };
}

export function makeMessage(id: string, text: string, more: object = {}): Record<string, unknown> {
  return {
    id,
    text,
    fragments: [{ type: "text", text }],
    action: false,
    highlighted: false,
    first: false,
    ...more,
  };
}

export function pickName(id: string): string {
  let sum = 0;
  for (let at = 0; at < id.length; at++) sum += id.charCodeAt(at);
  return NAMES[sum % NAMES.length] ?? "PixelFern";
}

export function make(type: string, { platform }: Making, data: Record<string, unknown>): Posted {
  return { type, platform, data, test: true };
}

export function say(text: string, more: object = {}): Preset["make"] {
  return (making) => {
    const id = making.id();
    const user = makeUser(making.platform, pickName(id));
    return [make("chat.message", making, { user, message: makeMessage(id, text, more) })];
  };
}

/** One event about somebody. */
export function tell(
  type: string,
  data: (making: Making) => Record<string, unknown>,
): Preset["make"] {
  return (making) => {
    const user = makeUser(making.platform, pickName(making.id()));
    return [make(type, making, { user, ...data(making) })];
  };
}

export function giveGifts(making: Making, count: number): Posted[] {
  const id = making.id();
  const giver = makeUser(making.platform, pickName(id));
  const single = Array.from({ length: count }, (_, at) =>
    make("channel.subscription", making, {
      user: makeUser(making.platform, `friend_${at + 1}`),
      subscription: { kind: "new", tier: "1", gift: { id, from: giver, count } },
    }),
  );
  return [
    make("channel.subscription.gift", making, {
      user: giver,
      count,
      tier: "1",
      recipients: [],
      gift: { id },
    }),
    ...single,
  ];
}

/** The line that can be deleted afterwards: the last of these, if there is one. */
export function findLine(posted: readonly Posted[]): Making["last"] {
  const line = posted.findLast(({ type }) => type === "chat.message");
  if (line === undefined) return null;
  const { message, user } = line.data as { message: { id: string }; user: { name: string } };
  return { id: message.id, name: user.name };
}
