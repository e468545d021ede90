/* `/overlay/chat`: the chat of all platforms. */
import { openPage } from "../kit/page.ts";
import { startBox } from "./box.ts";
import { startFeed } from "./feed.ts";
import { parameters } from "./parameters.ts";

void openPage("chat", parameters, ({ rewind }) => ({ rewind })).then((page) =>
  startFeed(page, startBox(page)),
);
