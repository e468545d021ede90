import { followDlive } from "./support/follow.ts";
import { it } from "./support/it.ts";

async function mutate(httpUrl: string, body: object, authorization?: string) {
  const response = await fetch(`${httpUrl}/`, {
    method: "POST",
    // As a real client does it: JSON under another name.
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as unknown };
}

const sendQuery =
  "mutation($input:SendStreamchatMessageInput!){sendStreamchatMessage(input:$input){err{code message}}}";

it("says on the socket what is sent over HTTP", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  const variables = { input: { streamer: "rivermoss", message: "from the relay" } };

  const { status, answer } = await mutate(
    dlive.httpUrl,
    { query: sendQuery, variables },
    "app-token",
  );

  const { id } =
    dlive.truth().said.map((entry) => ({ id: "key" in entry ? entry.key : null }))[0] ?? {};
  const sent = { err: null, message: { id, content: "from the relay" } };
  expect([status, answer]).toMatchObject([200, { data: { sendStreamchatMessage: sent } }]);
  expect((await client.take(1))[0]).toContain("from the relay");
  expect(dlive.truth().mutations).toMatchObject([
    { field: "sendStreamchatMessage", authorization: "app-token", variables },
  ]);
});

it("fails a send with the error it was told", async ({ expect, dlive }) => {
  const sendError = { code: 10_013, message: "too fast" };
  await dlive.do({ action: "knobs", sendError });
  const variables = { input: { streamer: "rivermoss", message: "too much" } };

  const { answer } = await mutate(dlive.httpUrl, { query: sendQuery, variables }, "app-token");

  expect(answer).toEqual({ data: { sendStreamchatMessage: { err: sendError, message: null } } });
  expect(dlive.truth().saidCount + dlive.truth().unheard).toBe(0);
});

it("turns away a mutation without a token, or with a bad one", async ({ expect, dlive }) => {
  await dlive.do({ action: "token", value: "the-one" });
  const body = { query: 'mutation{chatDelete(streamer:"rivermoss",id:"x"){err{code}}}' };
  expect((await mutate(dlive.httpUrl, body)).status).toBe(401);
  expect((await mutate(dlive.httpUrl, body, "another")).status).toBe(401);
  expect((await mutate(dlive.httpUrl, body, "the-one")).status).toBe(200);
});

it("says a deletion that was asked for over HTTP", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await mutate(
    dlive.httpUrl,
    { query: 'mutation{chatDelete(streamer:"rivermoss",id:"message-7"){err{code}}}' },
    "app-token",
  );
  expect((await client.take(1))[0]).toContain('"ids":["message-7"]');
});

it("knows a user by the name that is shown, without a token", async ({ expect, dlive }) => {
  const operationName = "LivestreamPage";
  const variables = { displayname: "RiverMoss" };
  expect((await mutate(dlive.httpUrl, { operationName, variables })).answer).toMatchObject({
    data: { userByDisplayName: { username: "rivermoss", displayname: "RiverMoss" } },
  });
});
