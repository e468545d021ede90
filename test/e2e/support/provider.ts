import { startEmulator, type EmulatorOf } from "../../emulators/index.ts";
import { call, type StartedRelay } from "./relay.ts";

/** An emulated DLive that a channel of the relay is linked to. */
export type Dlive = EmulatorOf<"dlive">;

/** Makes a public channel, linked to an emulated provider that has been heard subscribing. */
export async function linkDlive(relay: StartedRelay, dlive: Dlive, channel: string): Promise<void> {
  await call(relay, "POST", "/channels", { id: channel, public: true });
  await call(relay, "POST", `/channels/${channel}/providers`, {
    protocol: "dlive",
    target: { streamer: channel },
    url: dlive.url,
  });
  await dlive.waitFor("subscriptions>=2");
}

export function startDlive(): Promise<Dlive> {
  return startEmulator("dlive");
}
