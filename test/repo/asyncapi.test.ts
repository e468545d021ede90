import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { Parser } from "@asyncapi/parser";
import { beforeAll, describe, it } from "vitest";

/** Imports from the Worker's sources by path: nothing here is checked with the Worker's types. */
async function load<T>(path: string): Promise<T> {
  const file = join(import.meta.dirname, "../../src", path);
  return (await import(pathToFileURL(file).href)) as T;
}

describe("the AsyncAPI document", () => {
  let make: () => object;
  beforeAll(async () => {
    const { SocketQuery: socketQuery, StreamQuery: streamQuery } = await load<{
      SocketQuery: object;
      StreamQuery: object;
    }>("http/schemas/live.ts");
    const { makeAsyncApiDocument } = await load<{
      makeAsyncApiDocument: (parts: object) => object;
    }>("protocols/tributary/asyncapi.ts");
    make = () => makeAsyncApiDocument({ socketQuery, streamQuery });
  });

  it("is read by AsyncAPI's own parser without a word of blame", async ({ expect }) => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(make()));
    expect(diagnostics).toEqual([]);
    expect(document?.version()).toBe("3.1.0");
    expect(document?.operations().length).toBeGreaterThan(7);
  });

  it("is the same each time that it is made", ({ expect }) => {
    expect(make()).toEqual(make());
  });

  it("would be blamed for what is not as it must be", async ({ expect }) => {
    const broken = { ...make(), info: { title: 1 } };
    const { diagnostics } = await new Parser().parse(JSON.stringify(broken));
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
