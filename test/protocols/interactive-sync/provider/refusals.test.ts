import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/interactive-sync/index.ts";
import type { LinkFailure } from "../../../../src/protocols/session.ts";
import { drive, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import errors from "../frames/errors.json";
import { samples, showing, start, TOKEN } from "../samples.ts";

const error = (message: unknown) => ({
  status: "error",
  context: "connection",
  message,
  data: null,
});

function refuse(message: unknown): LinkFailure {
  const session = drive(provider.open(linkTo(samples)));
  session.opened();
  const [failed] = only(session.receives(error(message)), "session-fail");
  if (failed === undefined) throw new Error("it did not fail");
  return failed.failure;
}

const VALIDATION = "An error occurred on token validation: ";
const VERIFICATION = "An error occurred on ClientID verification: ";
const DETAILS = "An error occurred to retrieve user details: ";

// Every text with which the server refuses a connection, and what becomes of it.
const table = [
  ["no query", "stop", "query_missing"],
  ["no credentials", "stop", "credentials_missing"],
  ["a client on the blacklist", "stop", "client_invalid"],
  ["a blacklist that is not found", "retry", "client_invalid"],
  ["a blacklist that cannot be read", "retry", "client_invalid"],
  ["a token that is refused", "stop", "token_invalid"],
  ["a token that is missing", "stop", "token_invalid"],
  ["a token that nobody can look at", "retry", "token_invalid"],
  ["a token that Twitch fails over", "retry", "token_invalid"],
  ["a token of no user", "stop", "token_wrong_kind"],
  ["a user that nobody can look up", "retry", "user_lookup_failed"],
  ["a user that Twitch fails over", "retry", "user_lookup_failed"],
  ["a user that fails without a word", "retry", "user_lookup_failed"],
  ["a user of another client", "stop", "user_lookup_failed"],
  ["a configuration that is cut off", "retry", "configuration_failed"],
  ["a configuration that is not signed", "retry", "configuration_failed"],
  ["an error nobody knows", "slow", "connection_refused"],
] as const;

describe("a refused connection", () => {
  it("is in a table of every frame there is", ({ expect }) => {
    const names = table.map(([name]) => name as string);
    expect(names.toSorted()).toEqual(Object.keys(errors).toSorted());
  });

  it.for(table)("%s: %s, %s", ([name, remedy, reason], { expect }) => {
    const { message } = errors[name];
    const detail = `Interactive Sync refused the connection: ${message}`;
    expect(refuse(message)).toEqual({ remedy, reason, detail, isError: true });
  });

  it("an error is known by how its text begins, with or without its full stop", ({ expect }) => {
    for (const [name, remedy, reason] of table) {
      const { message } = errors[name];
      for (const said of [message.replace(/\.$/, ""), message.toUpperCase(), `  ${message} `]) {
        expect(refuse(said)).toMatchObject({ remedy, reason });
      }
    }
  });

  it("the reason behind an error's text tells whether it passes", ({ expect }) => {
    for (const reason of [
      "ESOCKETTIMEDOUT",
      "Too Many Requests",
      "status code 503",
      "fetch failed",
    ]) {
      expect(refuse(VALIDATION + reason).remedy).toBe("retry");
      expect(refuse(VERIFICATION + reason).remedy).toBe("retry");
    }
    expect(refuse(VALIDATION).remedy).toBe("stop");
    expect(refuse(`${DETAILS}OAuth token is missing`).remedy).toBe("stop");
    expect(refuse(`${DETAILS}the check of the token timed out`).remedy).toBe("retry");
  });

  it.for([null, 7, {}, "", "   "])("may give no reason: %j", (message, { expect }) => {
    expect(refuse(message)).toEqual({
      remedy: "slow",
      reason: "connection_refused",
      detail: "Interactive Sync refused the connection: no reason given",
      isError: true,
    });
  });

  it("is told without the token, and in few words", ({ expect }) => {
    const { detail } = refuse(`${VALIDATION}${TOKEN} has expired`);
    expect(detail.endsWith("token validation: [redacted] has expired")).toBe(true);
    for (const lead of [0, 150, 190, 480, 495]) {
      const long = refuse(VALIDATION + "m".repeat(lead) + TOKEN.repeat(200));
      expect(long.detail.length).toBeLessThan(300);
      expect(long.detail).not.toContain("tw1t");
    }
  });

  it("an error is one frame, and then the socket is destroyed: the frame says why", ({
    expect,
  }) => {
    const session = drive(provider.open(linkTo(samples)));
    session.opened();
    const effects = session.receives(error(`${VALIDATION}invalid access token`));
    expect(typesOf(effects)).toEqual(["session-fail"]);
    // The cut alone would be dialled again.
    expect(provider.closed({ code: 1006, reason: "" }).remedy).toBe("retry");
  });

  it("may come late, and what was sent by then is uncertain", ({ expect }) => {
    const session = start();
    session.sends(showing("job-1", "dawn"));
    session.sends(showing("job-2", "dusk"));
    const effects = session.receives(error(`${VALIDATION}invalid access token`));
    expect(only(effects, "send-fail")).toEqual([
      { type: "send-fail", job: "job-1", failure: { reason: "unconfirmed", retryable: false } },
      { type: "send-fail", job: "job-2", failure: { reason: "connection_lost", retryable: true } },
    ]);
    expect(effects.at(-1)?.type).toBe("session-fail");
  });
});

describe("an answer other than a socket", () => {
  it.for([
    [401, "stop", "token_invalid"],
    [404, "stop", "address_unknown"],
    [429, "slow", "rate_limited"],
    [502, "retry", "provider_down"],
    [400, "slow", "dial_refused"],
  ] as const)("HTTP %i: %s, %s", ([status, remedy, reason], { expect }) => {
    expect(provider.refused({ status, body: "" })).toMatchObject({ remedy, reason });
  });
});
