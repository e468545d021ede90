/* Words that have broken pages: markup, direction, marks, widths, addresses, sizes. */

const MARKUP = [
  `<script>document.title="pwned"</script>`,
  `<img src=x onerror="document.title='pwned'">`,
  `"><svg/onload=document.title='pwned'>`,
  `<style>*{display:none}</style>`,
  `</span></div><iframe src=https://stranger.example>`,
  `<base href=https://stranger.example/>`,
  `{{constructor.constructor('document.title=1')()}}`,
  "javascript:document.title='pwned'",
];

const SHAPES = [
  `\u202e${"txet desrever ".repeat(5)}`,
  "\u2066\u2067\u2068 isolates that never end",
  `Z${"\u0335\u0321\u034f\u0489".repeat(200)}algo`,
  "\ufdfd".repeat(40),
  "\u200b\u200c\u200d\u2060\ufeff".repeat(100),
  "﷽".repeat(20),
  "W".repeat(5_000),
  "😀".repeat(1_000),
  "𒐫".repeat(60),
  "\u{e0041}".repeat(500),
  "line\nbreak\r\n".repeat(200),
  "\u0000\u0007\u001b[31m controls",
  "\u05e9\u05dc\u05d5\u05dd left \u0645\u0631\u062d\u0628\u0627 (right) 12:34 \u200f!\u061c [\u0627]".repeat(
    9,
  ),
  `a${"\u0301".repeat(200)}b\u20dd\u20e3`,
  "N".repeat(500),
  "👩\u200d❤️\u200d💋\u200d👨🏽\u200d👧\u200d".repeat(150),
  "\u200b\u200d\u2060\u2800\u3164",
  " \u00a0\u2003\u3000 ",
  "\ud83d lone \udc00",
];

/** Amounts that nobody gave. */
const AMOUNTS = [
  { value: "5", currency: "EUR", kind: "fiat" },
  { value: "-50", currency: "USD", kind: "fiat" },
  { value: "9".repeat(30), currency: "JPY", kind: "fiat" },
  { value: "0.00000000000000000001", currency: "ZZZ", kind: "fiat" },
  { value: "1e400", currency: "XX", kind: "fiat" },
  { value: "NaN", currency: "", kind: "virtual" },
];

/** Figures that nothing has. */
const FIGURES = [-1, 0, 0.5, 1e21, Number.MAX_VALUE, 2 ** 53];

/** Times that were never now: a page takes each as it comes. */
const TIMES = [
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
  "+275760-09-13T00:00:00Z",
  "soon",
];

/** Words of every hostile kind. */
export const HOSTILE_WORDS: readonly string[] = [...MARKUP, ...SHAPES];

/** Half a megabyte without a place to break. */
export const ENDLESS = "W".repeat(500_000);

/** Addresses that no picture may be loaded from. */
export const HOSTILE_PICTURES: readonly string[] = [
  "javascript:document.title='pwned'",
  "data:text/html,<script>1</script>",
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='document.title=1'/>",
  "file:///etc/passwd",
  "blob:https://stranger.example/1",
  "not an address",
  "https://",
];

/** Colours that are none. */
export const HOSTILE_COLORS: readonly string[] = [
  "url(https://stranger.example/color)",
  "red;background:url(https://stranger.example/a)",
  "var(--x,url(https://stranger.example/b))",
  "#fff",
  "expression(alert(1))",
];

/** Somebody with a hostile name, colour and picture. */
export function hostileUser(at: number): object {
  const pick = (list: readonly string[]): string => list[at % list.length] ?? "";
  return {
    id: `hostile-${at}`,
    key: `twitch:hostile-${at}`,
    name: pick(HOSTILE_WORDS).slice(0, 4_000),
    color: pick(HOSTILE_COLORS),
    avatar: pick(HOSTILE_PICTURES),
    roles: [],
    badges: [{ set: pick(MARKUP), title: pick(MARKUP), image: pick(HOSTILE_PICTURES) }],
    anonymous: false,
  };
}

/** Events of every kind that an overlay shows, with hostile words wherever words are. */
export function hostileEvents(): {
  readonly type: string;
  readonly data: object;
  readonly more?: object;
}[] {
  return HOSTILE_WORDS.flatMap((text, at) => {
    const user = hostileUser(at);
    const image = HOSTILE_PICTURES[at % HOSTILE_PICTURES.length];
    const message = {
      id: `hostile-${at}`,
      text,
      fragments: [
        { type: "text", text },
        { type: "emote", text, image },
        { type: "link", text, url: "javascript:alert(1)" },
        { type: "mention", text },
      ],
      action: false,
      highlighted: at % 2 === 0,
      first: false,
      attachments: [{ type: "image", url: "https://stranger.example/attached.png", title: text }],
    };
    const amount = {
      value: "5",
      currency: text.slice(0, 8),
      kind: "virtual",
      display: text.slice(0, 500),
    };
    const count = FIGURES[at % FIGURES.length];
    const more = { recordedtime: TIMES[at % TIMES.length], time: TIMES[(at + 1) % TIMES.length] };
    const asked = AMOUNTS[at % AMOUNTS.length];
    return [
      { type: "channel.tip", data: { user, amount: asked, message, kind: "tip" }, more },
      { type: "channel.raid", data: { user, viewers: count, kind: "raid", direction: "in" }, more },
      { type: "channel.subscription.gift", data: { user, count }, more },
      { type: "stream.viewers", data: { count } },
      { type: "chat.message", data: { user, message }, more },
      { type: "chat.message", data: { user, message } },
      { type: "channel.follow", data: { user } },
      { type: "channel.tip", data: { user, amount, message, kind: "tip" } },
      {
        type: "channel.subscription",
        data: { user, subscription: { kind: "new", message: text } },
      },
      { type: "channel.redemption", data: { user, reward: { title: text }, input: text } },
    ];
  });
}
