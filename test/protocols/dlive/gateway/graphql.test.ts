import * as fc from "fast-check";
import { Kind, parse, valueFromASTUntyped, type FieldNode } from "graphql";
import { describe, it } from "vitest";

import { readDocument } from "../../../../src/protocols/dlive/gateway/graphql.ts";
import { Request, type Call } from "../../../../src/protocols/dlive/gateway/selection.ts";

function requestOf(text: string, variables: object = {}, name: string | null = null): Request {
  const document = readDocument(text);
  if (!document.ok) throw new Error(document.problem);
  return new Request(document.value, name, variables as Record<string, unknown>);
}

const callOf = (text: string, variables: object = {}): Call => {
  const [call] = requestOf(text, variables).calls();
  if (call === undefined) throw new Error("no call");
  return call;
};

const problemOf = (text: string): string => {
  const document = readDocument(text);
  return document.ok ? "none" : document.problem;
};

describe("a document", () => {
  it.for([
    ["{a}", "query", null],
    ["query{a}", "query", null],
    ["query Q{a}", "query", "Q"],
    ['mutation M($a:Int!,$b:[String!]! = ["x"] @d){a}', "mutation", "M"],
    ["subscription @live {a}", "subscription", null],
    ["# a remark\nsubscription , S\n{\r\n\ta}\uFEFF", "subscription", "S"],
    ["fragment F on A{b} query Q{a}", "query", "Q"],
  ] as const)("%j is a %s by the name of %s", ([text, kind, name], { expect }) => {
    expect(requestOf(text).operation).toMatchObject({ kind, name });
  });

  it("of several operations the named one is meant, and else the first", ({ expect }) => {
    const text = "query A{a} query B{b}";
    const called = (name: string | null) => requestOf(text, {}, name).calls()[0]?.name;
    expect([called("A"), called("B"), called(null), called("C")]).toEqual(["a", "b", "a", "a"]);
  });

  it.for([
    ["", /no operation/],
    ["fragment F on A{b}", /no operation/],
    ["{a", /Syntax Error: the document ends|expected }/],
    ["{a}}", /Syntax Error/],
    ["query", /Syntax Error/],
    ["query Q(", /Syntax Error/],
    ["query Q($a){b}", /expected :/],
    ["{a(b:)}", /unexpected \)/],
    ["{a(b 1)}", /expected :/],
    ["{1}", /expected a name/],
    ['{"a"}', /expected a name/],
    ["{... on}", /expected a name/],
    ["nonsense{a}", /expected an operation/],
    ['{a(b:"c)}', /not a GraphQL document/],
    ['{a(b:"\\q")}', /not a GraphQL document/],
    ["{a;}", /not a GraphQL document/],
    ["{a".repeat(30) + "}".repeat(30), /nested too deep/],
    [`{a(b:${"[".repeat(30)}${"]".repeat(30)})}`, /nested too deep/],
    [`{${"a ".repeat(20_000)}}`, /not a GraphQL document/],
  ] as const)("%j is none", ([text, problem], { expect }) => {
    expect(problemOf(text)).toMatch(problem);
  });

  it("nothing makes it throw or hang", ({ expect }) => {
    const word = fc.constantFrom(
      ...'{ } ( ) [ ] : = ! $ @ ... on query mutation subscription fragment a b "s" """b""" 1 -2.5e3 true null # \n " """ \\ include if'.split(
        " ",
      ),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 60 }).map((all) => all.join(" ")),
    );
    fc.assert(
      fc.property(text, fc.dictionary(fc.string(), fc.jsonValue()), (text, variables) => {
        const document = readDocument(text);
        if (!document.ok) return;
        const request = new Request(document.value, null, variables);
        for (const { selections } of request.calls()) {
          const value = { __typename: "ChatText", a: { b: [1, { a: 2 }] }, b: "x" };
          expect(JSON.stringify(request.select(value, selections))).toEqual(expect.any(String));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("that spreads itself without end is read as far as it goes", ({ expect }) => {
    const request = requestOf("{a{...F}} fragment F on A{b ...F}");
    const [call] = request.calls();
    expect(request.select({ b: 1 }, call?.selections ?? [])).toEqual({ b: 1 });
    const bomb = Array.from(
      { length: 20 },
      (_, i) => `fragment F${i} on A{...F${i + 1} ...F${i + 1}}`,
    );
    const bombed = requestOf(`{a{...F0 b}} ${bomb.join(" ")} fragment F20 on A{b}`);
    expect(bombed.select({ b: 1 }, bombed.calls()[0]?.selections ?? [])).toEqual({ b: 1 });
  });
});

describe("arguments", () => {
  it.for([
    ['{f(a:"x")}', {}, { a: "x" }],
    ['{f(a:"x\\n\\u00e9\\"")}', {}, { a: 'x\né"' }],
    ['{f(a:"tab\there")}', {}, { a: "tab\there" }],
    ['{f(a:"""\n block \\""" \n""")}', {}, { a: 'block """' }],
    ["{f(a:1,b:-2.5,c:1e3)}", {}, { a: 1, b: -2.5, c: 1000 }],
    ["{f(a:true,b:false,c:null,d:ENUM)}", {}, { a: true, b: false, c: null, d: "ENUM" }],
    ["{f(a:[1,[2]],b:{c:{d:$v}})}", { v: "x" }, { a: [1, [2]], b: { c: { d: "x" } } }],
    ["query($v:Int=7){f(a:$v)}", {}, { a: 7 }],
    ["query($v:Int=7){f(a:$v)}", { v: 8 }, { a: 8 }],
    ["query($v:Int=7){f(a:$v)}", { v: null }, { a: null }],
    ["query($v:Int=$w){f(a:$v)}", { w: 1 }, { a: undefined }],
    ["{f(a:$toString)}", {}, { a: undefined }],
    ["{f}", {}, {}],
  ] as const)("of %j with %j are %j", ([text, variables, args], { expect }) => {
    expect(callOf(text, variables).args).toEqual(args);
  });

  it("may be called what every object has", ({ expect }) => {
    const { args } = callOf("{f(__proto__:1,constructor:2)}");
    expect(Object.entries(args)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });
});

describe("what is asked of an answer", () => {
  const value = {
    __typename: "ChatText",
    id: "1",
    sender: { username: "ada", badges: ["a", "b"] },
    list: [{ a: 1, b: 2 }, { a: 3 }],
  };
  const selected = (selections: string, variables: object = {}) => {
    const request = requestOf(`{f{${selections}}}`, variables);
    return request.select(value, request.calls()[0]?.selections ?? []);
  };

  it.for([
    ["id", { id: "1" }],
    ["name:id __typename", { name: "1", __typename: "ChatText" }],
    ["sender{username}", { sender: { username: "ada" } }],
    ["sender{username} sender{badges}", { sender: { username: "ada", badges: ["a", "b"] } }],
    ["list{a}", { list: [{ a: 1 }, { a: 3 }] }],
    ["list{b}", { list: [{ b: 2 }, { b: null }] }],
    ["nothing toString constructor{x}", { nothing: null, toString: null, constructor: null }],
    ["id{x}", { id: "1" }],
    [
      "... on ChatText{id} ... on ChatGift{gift} ... on SenderInfo{sender{username}} ...{id}",
      { id: "1", sender: { username: "ada" } },
    ],
    ["id @include(if:false)", {}],
    ["id @skip(if:true)", {}],
    ["id @include(if:true) @other(if:false)", { id: "1" }],
    ["id @include(if:$no)", {}],
    ["...Missing id", { id: "1" }],
  ] as const)("%s is %j", ([selections, answer], { expect }) => {
    expect(selected(selections)).toEqual(answer);
  });

  it("is in the order it was asked for", ({ expect }) => {
    expect(JSON.stringify(selected("sender{badges username} id"))).toBe(
      '{"sender":{"badges":["a","b"],"username":"ada"},"id":"1"}',
    );
  });

  it("obeys a variable", ({ expect }) => {
    expect(selected("id @include(if:$yes)", { yes: true })).toEqual({ id: "1" });
  });
});

describe("beside the reference implementation", () => {
  const name = fc
    .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/)
    .filter((each) => !["on", "true", "false", "null", "fragment"].includes(each));

  const value = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
      fc.integer().map(String),
      fc
        .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
        .map((n) => n.toFixed(3)),
      fc.constantFrom("true", "false", "null", "SUB_ONLY", '"""block"""'),
      fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc
        .uniqueArray(fc.tuple(name, tie("value")), { maxLength: 3, selector: ([key]) => key })
        .map((fields) => `{${fields.map(([key, each]) => `${key}: ${each}`).join(" ")}}`),
    ),
  })).value;

  const args = fc
    .uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([key]) => key })
    .map((all) =>
      all.length === 0 ? "" : `(${all.map(([key, each]) => `${key}:${each}`).join(",")})`,
    );

  const selections = fc.letrec<{ field: string; set: string }>((tie) => ({
    field: fc
      .tuple(fc.option(name), name, args, fc.option(tie("set"), { maxDepth: 3 }))
      .map(
        ([alias, field, given, set]) =>
          `${alias === null ? "" : `${alias}: `}${field}${given}${set ?? ""}`,
      ),
    set: fc
      .array(
        fc.oneof(
          { arbitrary: tie("field"), weight: 4 },
          { arbitrary: name.map((each) => `... ${each}`), weight: 1 },
          {
            arbitrary: fc.tuple(name, tie("set")).map(([on, set]) => `... on ${on} ${set}`),
            weight: 1,
          },
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((all) => `{ ${all.join(" \n# remark\n ")} }`),
  })).set;

  const document = fc
    .tuple(fc.constantFrom("", "query ", "mutation ", "subscription "), fc.option(name), selections)
    .map(([kind, called, set]) => (kind === "" ? set : `${kind}${called ?? ""}${set}`));

  it("a document is read as it reads it", ({ expect }) => {
    fc.assert(
      fc.property(document, (text) => {
        const [theirs] = parse(text).definitions;
        if (theirs?.kind !== Kind.OPERATION_DEFINITION) throw new Error("no operation");
        const request = requestOf(text);
        expect(request.operation.kind).toBe(theirs.operation);
        expect(request.operation.name).toBe(theirs.name?.value ?? null);
        const fields = theirs.selectionSet.selections.filter(
          (each): each is FieldNode => each.kind === Kind.FIELD,
        );
        const ours = request.operation.selections.filter(({ kind }) => kind === "field");
        expect(ours).toHaveLength(fields.length);
        const calls = request.calls();
        for (const field of fields) {
          const given = Object.fromEntries(
            (field.arguments ?? []).map((each) => [
              each.name.value,
              valueFromASTUntyped(each.value),
            ]),
          );
          const alias = field.alias?.value ?? field.name.value;
          expect(calls).toContainEqual(
            expect.objectContaining({ alias, name: field.name.value, args: given }),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("what it refuses is refused, but for what selects nothing", ({ expect }) => {
    const text =
      "subscription S ( $a : String ! ) { streamMessageReceived ( streamer : $a ) { type } }";
    const words = text.split(" ");
    expect(parse(text).definitions).toHaveLength(1);
    for (const index of words.keys()) {
      const without = words.toSpliced(index, 1).join(" ");
      let isTaken = true;
      try {
        parse(without);
      } catch {
        isTaken = false;
      }
      // What selects nothing does no harm here, where what is selected hardly matters.
      const isEmpty = without.includes("{ }");
      expect([without, problemOf(without) === "none"]).toEqual([without, isTaken || isEmpty]);
    }
  });
});
