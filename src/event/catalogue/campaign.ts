import { z } from "zod";

import { defineEntry } from "./entry.ts";

const HypeTrain = z.object({
  trainId: z.string(),
  level: z.number(),
  total: z.number(),
  progress: z.number().optional(),
  goal: z.number().optional(),
  kind: z.string().optional(),
  endsAt: z.string().optional(),
  endedAt: z.string().optional(),
});

const Goal = z.object({
  goalId: z.string(),
  kind: z.string(),
  title: z.string().optional(),
  current: z.number(),
  target: z.number(),
  achieved: z.boolean().optional(),
});

const Poll = z.object({
  pollId: z.string(),
  title: z.string(),
  choices: z.array(z.object({ id: z.string(), title: z.string(), votes: z.number().optional() })),
  endsAt: z.string().optional(),
  status: z.string().optional(),
});

const Prediction = z.object({
  predictionId: z.string(),
  title: z.string(),
  outcomes: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      users: z.number().optional(),
      points: z.number().optional(),
    }),
  ),
  /** The id of the outcome that came true. */
  winner: z.string().optional(),
  status: z.string().optional(),
});

/** Undertakings of many viewers that begin, go on and end. */
export const campaign = {
  "channel.hype_train.started": defineEntry("A hype train began.", HypeTrain),
  "channel.hype_train.progressed": defineEntry("A hype train went on.", HypeTrain, {
    conflateBy: ["trainId"],
  }),
  "channel.hype_train.ended": defineEntry("A hype train ended.", HypeTrain),
  "channel.goal.started": defineEntry("The channel set itself a goal.", Goal),
  "channel.goal.progressed": defineEntry("A goal came nearer, or went farther off.", Goal, {
    conflateBy: ["goalId"],
  }),
  "channel.goal.ended": defineEntry("A goal was reached or given up.", Goal),
  "channel.poll.started": defineEntry("A poll began.", Poll),
  "channel.poll.progressed": defineEntry("Somebody voted in a poll.", Poll, {
    conflateBy: ["pollId"],
  }),
  "channel.poll.ended": defineEntry("A poll ended.", Poll),
  "channel.prediction.started": defineEntry("A prediction began.", Prediction),
  "channel.prediction.progressed": defineEntry("Somebody took part in a prediction.", Prediction, {
    conflateBy: ["predictionId"],
  }),
  "channel.prediction.locked": defineEntry(
    "Nobody may take part in a prediction any more.",
    Prediction,
  ),
  "channel.prediction.ended": defineEntry("A prediction was settled or called off.", Prediction),
} as const;
