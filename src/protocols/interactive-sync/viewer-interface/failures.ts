import type { ViewerAnswer } from "../../../event/viewer.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** The refusals that viewers' pages get, in the real server's words. */
const FAILURES = {
  no_credential: [401, "Unauthorized", "Invalid authorization header"],
  unauthorized: [401, "Unauthorized", "Invalid JWT"],
  too_many: [429, "Too Many Requests", "Too many requests, please wait."],
  too_large: [
    413,
    "Request Entity Too Large",
    "Payload content length greater than maximum allowed: 16384",
  ],
  unavailable: [503, "Service Unavailable", "Not available at the moment, please wait."],
  no_json: [400, "Bad Request", "Invalid request payload JSON format"],
  payload_invalid: [400, "Bad Request", "Invalid request payload input"],
  view_wrong: [
    400,
    "Bad Request",
    "Parameter view is erroned. Must be 'mobile', 'panel' or 'video_overlay'",
  ],
  mouse_wrong: [400, "Bad Request", "Parameter type is erroned. Must be 'mousedown' or 'mouseup'"],
  not_shown: [403, "Forbidden", "This ID doesn't exist in the user interface."],
  user_blocked: [429, "Too Many Requests", "You trying to bypass the cooldown. Shame."],
  action_blocked: [406, "Not Acceptable", "Action has been pushed recently, please wait."],
  own_action_blocked: [406, "Not Acceptable", "You have pushed this action recently, please wait."],
  mouse_blocked: [429, "Too Many Requests", "Mouse event has reached the limit, please wait."],
  own_mouse_blocked: [
    406,
    "Not Acceptable",
    "You have pushed this mouse event recently, please wait.",
  ],
  mouse_crowded: [406, "Not Acceptable", "Too many users use mouse event, please wait."],
} as const satisfies Record<string, readonly [number, string, string]>;

export type FailureName = keyof typeof FAILURES;

export function answerFailure(name: FailureName): ViewerAnswer {
  const [statusCode, error, message] = FAILURES[name];
  return {
    status: statusCode,
    type: JSON_TYPE,
    body: JSON.stringify({ statusCode, error, message }),
  };
}

export function answerSuccess(body: unknown): ViewerAnswer {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(body) };
}

/** The real server's answer to any unknown path, with its status. */
export const NOTHING_HERE: ViewerAnswer = {
  status: 200,
  type: "text/html; charset=utf-8",
  body: "404 Error! Page Not Found!",
};
