import { describe, it } from "vitest";

import { call, makeChannel, postNotes } from "../support/api.ts";
import { connect } from "../support/sockets.ts";
import { openStream } from "../support/streams.ts";

describe("channels", () => {
  it("are made with defaults, a number and an epoch of their own", async ({ expect }) => {
    const id = `made-${crypto.randomUUID().slice(0, 8)}`;
    const { status, body, headers } = await call("POST", "/channels", { id });
    expect(status).toBe(201);
    expect(body).toEqual({
      id,
      number: expect.any(Number),
      name: id,
      epoch: expect.stringMatching(/^[a-z0-9]{10}$/),
      public: false,
      retentionDays: 30,
      mode: "always",
      merge: "exact",
      jurisdiction: null,
      locationHint: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(headers.get("location")).toBe(`/v1/channels/${id}`);
  });

  it("have an id that nobody else has, and that is a slug", async ({ expect }) => {
    const id = await makeChannel();
    const taken = await call("POST", "/channels", { id });
    expect([taken.status, taken.body["code"]]).toEqual([409, "channel_exists"]);
    for (const bad of ["", "-a", "A", "a b", "a/b", "x".repeat(64), "ä"]) {
      const { status, body } = await call("POST", "/channels", { id: bad });
      expect([bad, status, body["code"]]).toEqual([bad, 400, "invalid_input"]);
    }
  });

  it("are listed in pages that follow one another", async ({ expect }) => {
    const made = [await makeChannel(), await makeChannel(), await makeChannel()].toSorted();
    const found: string[] = [];
    let cursor = "";
    do {
      const { body } = await call<{ data: { id: string }[]; next: string | null }>(
        "GET",
        `/channels?limit=2&cursor=${cursor}`,
      );
      expect(body.data.length).toBeLessThanOrEqual(2);
      found.push(...body.data.map(({ id }) => id));
      cursor = body.next ?? "";
    } while (cursor !== "");
    expect(found).toEqual(found.toSorted());
    expect(found.filter((id) => made.includes(id))).toEqual(made);
  });

  it("are changed by merge patch, and only as they were when If-Match says so", async ({
    expect,
  }) => {
    const id = await makeChannel();
    const before = await call("GET", `/channels/${id}`);
    const tag = before.headers.get("etag") ?? "";
    const first = await call(
      "PATCH",
      `/channels/${id}`,
      { name: "New" },
      { headers: { "if-match": tag } },
    );
    expect(first.body).toEqual({ ...before.body, name: "New" });
    const second = await call(
      "PATCH",
      `/channels/${id}`,
      { name: "Newer" },
      { headers: { "if-match": tag } },
    );
    expect([second.status, second.body["code"]]).toEqual([412, "precondition_failed"]);
    const wrong = await call("PATCH", `/channels/${id}`, { epoch: "aaaaaaaaaa" });
    expect([wrong.status, wrong.body["code"]]).toEqual([400, "invalid_input"]);
    expect((await call("GET", `/channels/${id}`)).body).toEqual(first.body);
  });

  it("are gone with their events and sockets, and begin anew under the same id", async ({
    expect,
  }) => {
    const id = await makeChannel();
    const [old] = await postNotes(id, ["a", "b"]);
    const socket = await connect(id);
    await socket.nextOf("hello");
    expect((await call("DELETE", `/channels/${id}`)).status).toBe(204);
    expect((await socket.closed).code).toBe(4004);
    expect((await call("GET", `/channels/${id}`)).status).toBe(404);
    expect((await call("GET", `/channels/${id}/events`)).status).toBe(404);
    await call("POST", "/channels", { id });
    const events = await call("GET", `/channels/${id}/events`);
    expect(events.body).toEqual({ events: [], next: null, hasMore: false });
    const [fresh] = await postNotes(id, ["c"]);
    expect(fresh).toMatch(/-1$/);
    expect(fresh).not.toBe(old);
    const strange = await call("GET", `/channels/${id}/events?after=${old}`);
    expect([strange.status, strange.body["code"]]).toEqual([410, "position_unknown"]);
  });

  it("may be read by everybody where they are public, and written by nobody", async ({
    expect,
  }) => {
    const id = await makeChannel({ public: true });
    await postNotes(id, ["a"]);
    for (const path of ["", "/events", "/status", "/connections"]) {
      const { status } = await call("GET", `/channels/${id}${path}`, undefined, { key: null });
      expect([path, status]).toEqual([path, 200]);
    }
    const socket = await connect(id, "", { key: null });
    expect((await socket.next()).type).toBe("hello");
    const posted = await call("POST", `/channels/${id}/events`, {}, { key: null });
    expect([posted.status, posted.body["code"]]).toEqual([401, "unauthorized"]);
    expect((await call("GET", `/channels/${id}/providers`, undefined, { key: null })).status).toBe(
      401,
    );
    socket.close();
  });

  it("are the same by their number, wherever an id stands in an address", async ({ expect }) => {
    const id = await makeChannel({ public: true });
    const { body } = await call<{ number: number }>("GET", `/channels/${id}`);
    const at = `/channels/${body.number}`;
    expect((await call("GET", at)).body).toEqual(body);
    const [event = ""] = await postNotes(id, ["a"]);
    for (const path of [
      "",
      "/events",
      `/events/${event}`,
      "/status",
      "/connections",
      "/providers",
    ]) {
      const [byNumber, byId] = [
        await call("GET", at + path),
        await call("GET", `/channels/${id}${path}`),
      ];
      expect([path, byNumber.status]).toEqual([path, 200]);
      expect(Object.keys(byNumber.body)).toEqual(Object.keys(byId.body));
    }
    const webhook = { url: "https://receiver.example/hook", enabled: false };
    const made = await call<{ id: string }>("POST", `${at}/webhooks`, webhook);
    expect(made.headers.get("location")).toBe(`/v1/channels/${id}/webhooks/${made.body.id}`);
    const socket = await connect(String(body.number));
    expect(await socket.nextOf("hello")).toMatchObject({ channel: id });
    socket.close();
    const { body: ticket } = await call<{ ticket: string }>("POST", `${at}/tickets`);
    const protocols = ["tributary.v1", `ticket.${ticket.ticket}`];
    const byTicket = await connect(String(body.number), "", { key: null, protocols });
    await byTicket.nextOf("hello");
    byTicket.close();
    const stream = await openStream(String(body.number), "?rewind=1");
    expect((await stream.nextEvent()).id).toBe(event);
    await stream.cancel();
    expect((await call("PATCH", at, { name: "By number" })).body).toMatchObject({ id });
    expect((await call("DELETE", at)).status).toBe(204);
    expect((await call("GET", `/channels/${id}`)).status).toBe(404);
    expect((await call("GET", at)).status).toBe(404);
  });

  it("whose id is a number are found by it before any that has the number", async ({ expect }) => {
    const other = await makeChannel();
    const { body } = await call<{ number: number }>("GET", `/channels/${other}`);
    const id = String(body.number);
    expect((await call("POST", "/channels", { id })).status).toBe(201);
    expect((await call("GET", `/channels/${id}`)).body).toMatchObject({ id });
    for (const named of [`0${id}`, "0", "9".repeat(20)]) {
      expect((await call("GET", `/channels/${named}`)).status).toBe(404);
    }
    await call("DELETE", `/channels/${id}`);
    expect((await call("GET", `/channels/${id}`)).body).toMatchObject({ id: other });
  });
});
