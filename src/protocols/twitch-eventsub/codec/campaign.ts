import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { EventDraft } from "../../../event/event.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { lookUp } from "../../../lib/json.ts";
import { readCount, readFlag, readList, readText, type Fields } from "../wire/fields.ts";
import { readTime, type Reader, type Told } from "./envelope.ts";

/*
 * Undertakings of many viewers, which begin, go on and end. Each has an id: with the phase, and in
 * between with that of the frame, it names what happened.
 */

export const draftTrain: Reader = (envelope, event, told) => {
  const id = readText(event, "id");
  const level = readCount(event, "level");
  const total = readCount(event, "total");
  const type = lookUp(TRAIN, told.type);
  if (id === undefined || level === undefined || total === undefined) return null;
  if (type === undefined) return null;
  const data = omitUndefined({
    trainId: id,
    level,
    total,
    progress: readCount(event, "progress"),
    goal: readCount(event, "goal"),
    kind: readText(event, "type"),
    endsAt: readTime(event, "expires_at"),
    endedAt: readTime(event, "ended_at"),
  });
  return { ...envelope, ...nameCampaign("train", id, told), type, data };
};

const TRAIN = {
  "channel.hype_train.begin": "channel.hype_train.started",
  "channel.hype_train.progress": "channel.hype_train.progressed",
  "channel.hype_train.end": "channel.hype_train.ended",
} as const satisfies Record<string, CatalogueType>;

export const draftGoal: Reader = (envelope, event, told) => {
  const id = readText(event, "id");
  const kind = readText(event, "type");
  const current = readCount(event, "current_amount");
  const target = readCount(event, "target_amount");
  const type = lookUp(GOAL, told.type);
  if (id === undefined || kind === undefined || type === undefined) return null;
  if (current === undefined || target === undefined) return null;
  const data = omitUndefined({
    goalId: id,
    kind,
    title: readText(event, "description"),
    current,
    target,
    achieved: readFlag(event, "is_achieved"),
  });
  return { ...envelope, ...nameCampaign("goal", id, told), type, data };
};

const GOAL = {
  "channel.goal.begin": "channel.goal.started",
  "channel.goal.progress": "channel.goal.progressed",
  "channel.goal.end": "channel.goal.ended",
} as const satisfies Record<string, CatalogueType>;

export const draftPoll: Reader = (envelope, event, told) => {
  const id = readText(event, "id");
  const title = readText(event, "title");
  const type = lookUp(POLL, told.type);
  if (id === undefined || title === undefined || type === undefined) return null;
  const data = omitUndefined({
    pollId: id,
    title,
    choices: readList(event, "choices").flatMap(readChoice),
    endsAt: readTime(event, "ends_at", "ended_at"),
    status: readText(event, "status")?.toLowerCase(),
  });
  return { ...envelope, ...nameCampaign("poll", id, told), type, data };
};

const POLL = {
  "channel.poll.begin": "channel.poll.started",
  "channel.poll.progress": "channel.poll.progressed",
  "channel.poll.end": "channel.poll.ended",
} as const satisfies Record<string, CatalogueType>;

function readChoice(choice: Fields): DataOf<"channel.poll.started">["choices"] {
  const id = readText(choice, "id");
  const title = readText(choice, "title");
  if (id === undefined || title === undefined) return [];
  return [omitUndefined({ id, title, votes: readCount(choice, "votes") })];
}

export const draftPrediction: Reader = (envelope, event, told) => {
  const id = readText(event, "id");
  const title = readText(event, "title");
  const type = lookUp(PREDICTION, told.type);
  if (id === undefined || title === undefined || type === undefined) return null;
  const data = omitUndefined({
    predictionId: id,
    title,
    outcomes: readList(event, "outcomes").flatMap(readOutcome),
    winner: readText(event, "winning_outcome_id"),
    status: readText(event, "status")?.toLowerCase(),
  });
  return { ...envelope, ...nameCampaign("prediction", id, told), type, data };
};

const PREDICTION = {
  "channel.prediction.begin": "channel.prediction.started",
  "channel.prediction.progress": "channel.prediction.progressed",
  "channel.prediction.lock": "channel.prediction.locked",
  "channel.prediction.end": "channel.prediction.ended",
} as const satisfies Record<string, CatalogueType>;

function readOutcome(outcome: Fields): DataOf<"channel.prediction.started">["outcomes"] {
  const id = readText(outcome, "id");
  const title = readText(outcome, "title");
  if (id === undefined || title === undefined) return [];
  const users = readCount(outcome, "users");
  return [omitUndefined({ id, title, users, points: readCount(outcome, "channel_points") })];
}

function nameCampaign(kind: string, id: string, { type, frameId }: Told): Pick<EventDraft, "key"> {
  const phase = type.slice(type.lastIndexOf(".") + 1);
  const key = [kind, id, phase, ...(phase === "progress" ? [frameId] : [])].join("/");
  return { key };
}
