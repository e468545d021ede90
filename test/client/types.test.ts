import { describe, expectTypeOf, it } from "vitest";

import type { Catalogue, EventOf, StreamEvent } from "../../src/client/index.ts";
import type { CatalogueType, DataOf } from "../../src/event/catalogue.ts";

/** The same, as a reader has it: nothing of it is changed, and what is absent is not there. */
type Read<T> = T extends readonly (infer Each)[]
  ? readonly Read<Each>[]
  : T extends object
    ? { readonly [K in keyof T]: Read<Exclude<T[K], undefined>> }
    : T;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The types whose data is another in the client than in the catalogue. */
type Different = {
  [T in CatalogueType]: Same<Catalogue[T], Read<DataOf<T>>> extends true ? never : T;
}[CatalogueType];

describe("the client's types", () => {
  it("are those of the catalogue, both ways, for every type of event", () => {
    expectTypeOf<keyof Catalogue>().toEqualTypeOf<CatalogueType>();
    expectTypeOf<Different>().toEqualTypeOf<never>();
  });

  it("know the events of a prefix", () => {
    expectTypeOf<EventOf<"chat.*">["type"]>().toEqualTypeOf<
      Extract<CatalogueType, `chat.${string}`>
    >();
    expectTypeOf<EventOf<"*">>().toEqualTypeOf<StreamEvent>();
    expectTypeOf<EventOf<"custom.any">["data"]>().toEqualTypeOf<Record<string, unknown>>();
  });
});
