import { failSession } from "../../effects.ts";
import { readText } from "../wire/fields.ts";
import type { Subscription } from "../wire/frames.ts";
import { tell } from "./connection.ts";
import { explainRevocation } from "./failures.ts";
import {
  isSome,
  join,
  react,
  setPlace,
  type EventSubLink,
  type EventSubState,
  type Place,
  type Reaction,
} from "./state.ts";
import { askNext, refuse } from "./subscribing.ts";

/** One subscription is over. The others go on; without any the socket is of no use. */
export function onRevocation(
  link: EventSubLink,
  state: EventSubState,
  subscription: Subscription,
): Reaction {
  const place = findPlace(state, subscription);
  const why = explainRevocation(subscription.status);
  if (place === undefined) {
    const noted = { ...state, revoked: why.reason };
    return react(noted, ...tell(link, noted));
  }
  const revoked = refuse(setPlace(state, place.name, { tries: 0 }), place.name, why);
  const isOver = state.isSettled && !isSome(revoked, "subscribed") && !isSome(revoked, "pending");
  if (isOver) return react(revoked, failSession({ remedy: "stop", ...why }));
  const told = { ...revoked, revoked: why.reason };
  return join(react(told, ...tell(link, told)), (next) => askNext(link, next));
}

function findPlace({ places }: EventSubState, subscription: Subscription): Place | undefined {
  const { id, type, condition } = subscription;
  const isOut = readText(condition, "from_broadcaster_user_id") !== undefined;
  const name = type === "channel.raid" ? `${type}:${isOut ? "out" : "in"}` : type;
  return (
    places.find((each) => id != null && each.id === id) ?? places.find((each) => each.name === name)
  );
}
