/* Undertakings of many viewers in a line of words: hype trains, goals, polls, predictions. Pure. */
import type { Catalogue } from "../../client/events.ts";
import { cutText } from "./phrases.ts";

type HypeTrain = Catalogue["channel.hype_train.started"];
type Goal = Catalogue["channel.goal.started"];
type Poll = Catalogue["channel.poll.started"];
type Prediction = Catalogue["channel.prediction.started"];

function sayPart(part: number | undefined, whole: number | undefined): string {
  if (part === undefined) return "";
  const of = whole === undefined ? "" : ` of ${whole.toLocaleString()}`;
  return `, ${part.toLocaleString()}${of}`;
}

function sayGoal({ title, kind, current, target }: Goal): string {
  return `${title || kind}${sayPart(current, target)}`;
}

const listTitles = (all: readonly { readonly title: string }[]): string =>
  cutText(all.map(({ title }) => title).join(", "));

const listVotes = (all: Poll["choices"]): string =>
  cutText(all.map(({ title, votes = 0 }) => `${title} ${votes.toLocaleString()}`).join(", "));

const listPoints = (all: Prediction["outcomes"]): string =>
  cutText(all.map(({ title, points = 0 }) => `${title} ${points.toLocaleString()}`).join(", "));

/** Words of each of their types. */
export const campaigns = {
  "channel.hype_train.started": ({ level }: HypeTrain) =>
    `A hype train began${level > 1 ? ` at level ${level}` : ""}`,
  "channel.hype_train.progressed": ({ level, progress, goal }: HypeTrain) =>
    `Hype train: level ${level}${sayPart(progress, goal)}`,
  "channel.hype_train.ended": ({ level }: HypeTrain) => `The hype train ended at level ${level}`,
  "channel.goal.started": (data: Goal) => `New goal, ${sayGoal(data)}`,
  "channel.goal.progressed": (data: Goal) => `Goal, ${sayGoal(data)}`,
  "channel.goal.ended": (data: Goal) =>
    `The goal was ${data.achieved === false ? "not reached" : data.achieved === true ? "reached" : "ended"}, ${sayGoal(data)}`,
  "channel.poll.started": ({ title, choices }: Poll) => `Poll: ${title} (${listTitles(choices)})`,
  "channel.poll.progressed": ({ title, choices }: Poll) => `Poll: ${title} (${listVotes(choices)})`,
  "channel.poll.ended": ({ title, choices }: Poll) =>
    `The poll ended: ${title} (${listVotes(choices)})`,
  "channel.prediction.started": ({ title, outcomes }: Prediction) =>
    `Prediction: ${title} (${listTitles(outcomes)})`,
  "channel.prediction.progressed": ({ title, outcomes }: Prediction) =>
    `Prediction: ${title} (${listPoints(outcomes)})`,
  "channel.prediction.locked": ({ title, outcomes }: Prediction) =>
    `No more bets: ${title} (${listPoints(outcomes)})`,
  "channel.prediction.ended": ({ title, outcomes, winner, status }: Prediction) => {
    const won = outcomes.find(({ id }) => id === winner);
    return `The prediction ended: ${title} (${won === undefined ? (status ?? "without a winner") : `it was ${won.title}`})`;
  },
} as const;
