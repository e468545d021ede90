/* Pictures of one line, for what is found faster by them. */

const PATHS = {
  overview: "M4 13h6V4H4v9Zm0 7h6v-4H4v4Zm10 0h6v-9h-6v9Zm0-16v4h6V4h-6Z",
  sources: "M12 3v6m0 6v6M5 8l4 3m6 2 4 3M19 8l-4 3m-6 2-4 3M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  events: "M4 6h16M4 12h16M4 18h10",
  chat: "M4 5h16v11H9l-5 4V5Z",
  overlays: "M3 5h18v14H3V5Zm3 9h7m-7-4h4",
  webhooks: "M9 7a4 4 0 1 1 6 3l3 5m-9 2H6a3.5 3.5 0 1 1 1-6l2-4m3 10h6a3 3 0 1 1 0-.1",
  test: "M9 3h6m-5 0v6L5 19a1.5 1.5 0 0 0 1.3 2h11.4A1.5 1.5 0 0 0 19 19L14 9V3",
  health: "M3 12h4l3-8 4 16 3-8h4",
  access: "M14 10a4 4 0 1 0-3.5 4L13 16h2v2h2v2h3v-3l-6-6Z",
  settings: "M4 7h9m4 0h3M4 17h3m4 0h9M15 4.5v5M9 14.5v5",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L20 20",
  copy: "M9 9h10v11H9V9Zm-4 6V4h10",
  check: "M5 12.5 10 17 19 7",
  plus: "M12 5v14M5 12h14",
  warn: "M12 4 2.5 20h19L12 4Zm0 6v5m0 2.5v.5",
  pause: "M8 5v14M16 5v14",
  play: "M7 5v14l12-7L7 5Z",
  send: "M4 12 20 4l-4 16-4-6-8-2Z",
  reply: "M10 7 4 12l6 5v-3.5c5 0 8 1 10 4 0-6-4-8.5-10-8.5V7Z",
  external: "M13 5h6v6m0-6-9 9M10 6H5v13h13v-5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  star: "m12 4 2.4 5.200 5.600.6-4.200 3.800 1.200 5.600L12 16.3 7 19.200l1.200-5.600L4 9.800l5.600-.6L12 4Z",
  down: "M12 5v14m-6-6 6 6 6-6",
  logo: "M3 6c5 0 6 6 10 6M3 12h18M3 18c5 0 6-6 10-6",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that says nothing by itself: words stand beside it. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
