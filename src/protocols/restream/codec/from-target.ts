import type { Connection } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";

const SHAPED = ["owner", "page", "user", "organization", "channel", "server", "event", "liveVideo"];

/** A connection's target as Restream has it: its own words where it told us of the target. */
export function encodeTarget({ platform, target }: Connection): object {
  if (target === null) return { owner: { displayName: "", id: "" }, websiteChannelId: 0 };
  const { platform: _gone, id = "", name = "", url, avatar, ...rest } = target;
  if (SHAPED.some((each) => each in rest)) return { websiteChannelId: 0, ...rest };
  const owner = omitUndefined({ avatar, displayName: name, id, name, url });
  switch (platform) {
    case "youtube":
      return { event: omitUndefined({ id, url: url ?? "" }), owner, websiteChannelId: 0 };
    case "facebook":
      return {
        liveVideo: omitUndefined({ id, url }),
        page: omitUndefined({ id, name, picture: avatar }),
        websiteChannelId: 0,
      };
    case "dlive":
      return { owner: { ...owner, url: url ?? "", username: id }, websiteChannelId: 0 };
    case "discord":
      return { channel: omitUndefined({ id, name, url: url ?? "" }) };
    case "linkedin":
      return { post: omitUndefined({ id, url }), user: { name }, websiteChannelId: 0 };
    default:
      return { owner, websiteChannelId: 0 };
  }
}
