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
export function hostileEvents(): { readonly type: string; readonly data: object }[] {
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
    return [
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
