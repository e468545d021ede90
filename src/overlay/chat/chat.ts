/* `/overlay/chat`: the chat of all platforms. */
import { openPage } from "../kit/page.ts";
import { startBox } from "./box.ts";
import { startFeed } from "./feed.ts";
import type { ChatSettings } from "./line.ts";

void openPage("chat", ({ rewind }: ChatSettings) => ({ rewind })).then((page) =>
  startFeed(page, startBox(page)),
);
