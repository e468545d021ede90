import { Client } from "./support/client.ts";
import { followRestream } from "./support/follow.ts";
import { it } from "./support/it.ts";

interface Tokens {
  readonly access_token: string;
  readonly accessToken: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly token_type: string;
}

async function refresh(httpUrl: string, refreshToken: string, client = "id:secret") {
  const response = await fetch(`${httpUrl}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(client)}` },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }),
  });
  return { status: response.status, answer: (await response.json()) as unknown };
}

it.for([
  ["http401", null],
  ["close1008", 1008],
  ["close4001", 4001],
] as const)("turns away a bad token by %s", async ([authStyle, code], { expect, restream }) => {
  await restream.do([
    { action: "knobs", authStyle },
    { action: "token", value: "the-one" },
  ]);
  for (const query of ["", "?accessToken=", "?accessToken=another"]) {
    const client = new Client(restream.url + query);
    if (code === null) {
      expect((await client.refused).statusCode).toBe(401);
    } else {
      expect((await client.closed).code).toBe(code);
    }
    expect(client.received).toBe(0);
  }
  expect(restream.truth()).toMatchObject({ dials: 3, refused: 3, subscribed: 0 });
  await followRestream(restream, "the-one");
});

it("gives new tokens for a refresh token, which then works no more", async ({
  expect,
  restream,
}) => {
  const { refreshToken = "" } = await restream.do({ action: "grantRefresh" });

  const first = await refresh(restream.httpUrl, refreshToken);
  const tokens = first.answer as Tokens;
  expect(first.status).toBe(200);
  expect(tokens).toMatchObject({ expires_in: 3_600, token_type: "Bearer" });
  expect(tokens.accessToken).toBe(tokens.access_token);
  expect(encodeURIComponent(tokens.access_token)).toBe(tokens.access_token);

  const used = await refresh(restream.httpUrl, refreshToken);
  expect(used).toMatchObject({ status: 400, answer: { error: { name: "invalid_token" } } });
  expect((await refresh(restream.httpUrl, tokens.refresh_token)).status).toBe(200);
  expect(restream.truth().tokens).toMatchObject({
    issued: [{ accessToken: tokens.access_token }, {}],
    refreshes: [{ refreshToken, clientId: "id", status: 200 }, { status: 400 }, { status: 200 }],
  });
});

it("lets in the tokens it gave, beside the only one, until they expire", async ({
  expect,
  restream,
}) => {
  await restream.do({ action: "token", value: "the-one" });
  const { answer } = await refresh(restream.httpUrl, "first-refresh-token");
  const { access_token: issued, refresh_token: next } = answer as Tokens;
  const client = await followRestream(restream, issued);

  await restream.do({ action: "expireToken" });

  expect(await client.closed).toMatchObject({ code: 1008 });
  for (const expired of [issued, "the-one"]) {
    const refused = new Client(`${restream.url}?accessToken=${expired}`);
    expect((await refused.refused).statusCode).toBe(401);
  }
  const renewed = (await refresh(restream.httpUrl, next)).answer as Tokens;
  await followRestream(restream, renewed.access_token);
});

it("leaves open sockets alone where a token is read at the dial only", async ({
  expect,
  restream,
}) => {
  const client = await followRestream(restream, "short-lived");
  await restream.do({ action: "expireToken", keepSockets: true });
  await restream.do({ action: "event", eventTypeId: 4, text: "still told" });
  expect((await client.take(1))[0]).toContain("still told");
  const again = new Client(`${restream.url}?accessToken=short-lived`);
  expect((await again.refused).statusCode).toBe(401);
});

it("gives tokens only to the client it was told of", async ({ expect, restream }) => {
  await restream.do({ action: "knobs", client: { id: "relay", secret: "s3cret" } });
  const token = "first-refresh-token";
  expect((await refresh(restream.httpUrl, token, "relay:wrong")).status).toBe(401);
  expect((await refresh(restream.httpUrl, token, "relay:s3cret")).status).toBe(200);
});

it("says heartbeats at its interval", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  await restream.do({ action: "knobs", heartbeatMs: 5 });
  const [frame = ""] = await client.take(1);
  expect(frame).toMatch(/^\{"action":"heartbeat","payload":\{\},"timestamp":\d{10}\}$/);
});
