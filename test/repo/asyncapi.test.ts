import { Parser } from "@asyncapi/parser";
import { describe, it } from "vitest";

import { SocketQuery, StreamQuery } from "../../src/http/schemas/live.ts";
import { makeAsyncApiDocument } from "../../src/protocols/tributary/asyncapi.ts";

const parts = { socketQuery: SocketQuery, streamQuery: StreamQuery };

describe("the AsyncAPI document", () => {
  it("is read by AsyncAPI's own parser without a word of blame", async ({ expect }) => {
    const made = JSON.stringify(makeAsyncApiDocument(parts));
    const { document, diagnostics } = await new Parser().parse(made);
    expect(diagnostics).toEqual([]);
    expect(document?.version()).toBe("3.1.0");
    expect(document?.operations().length).toBeGreaterThan(7);
  });

  it("is the same each time that it is made", ({ expect }) => {
    expect(makeAsyncApiDocument(parts)).toEqual(makeAsyncApiDocument(parts));
  });

  it("would be blamed for what is not as it must be", async ({ expect }) => {
    const broken = { ...makeAsyncApiDocument(parts), info: { title: 1 } };
    const { diagnostics } = await new Parser().parse(JSON.stringify(broken));
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
