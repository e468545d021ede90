import { common } from "../../../src/overlay/kit/common.ts";
import { writeValue } from "../../../src/overlay/kit/packing.ts";
import type { Parameter, Parameters } from "../../../src/overlay/kit/parameters.ts";
import { tables } from "../../../src/overlay/tables.ts";

/** The parameters of each kind of page. */
export const TABLES: Readonly<Record<string, Parameters>> = Object.fromEntries(
  Object.entries(tables).map(([kind, { parameters }]) => [kind, parameters]),
);

function writeValues(parameter: Parameter): string {
  switch (parameter.kind) {
    case "whole":
    case "number":
      return [`${parameter.min} to ${parameter.max}`, ...Object.keys(parameter.words ?? {})].join(
        ", ",
      );
    case "choice":
    case "list":
      return `${parameter.kind === "list" ? "list of " : ""}\`${parameter.of.join(" ")}\``;
    case "switch":
      return "`on off`";
    case "words":
      return "words";
    case "url":
      return "an address, https";
    case "amount":
      return "an amount";
    case "slug":
      return "an id";
    case "color":
    case "language":
    case "text":
    case "time":
      return { color: "a colour", language: "a language", text: "text", time: "a time" }[
        parameter.kind
      ];
  }
}

function writeDefault(parameter: Parameter): string {
  return parameter.kind === "amount" ? "" : writeValue(parameter.default);
}

function writeTable(table: Parameters): string {
  const rows = Object.entries(table).map(([name, parameter]) => {
    const words =
      parameter.help === undefined ? parameter.label : `${parameter.label}. ${parameter.help}`;
    const cells = [`\`${name}\``, writeValues(parameter), writeDefault(parameter), words];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| name | values | default | |", "|---|---|---|---|", ...rows].join("\n");
}

/** The parameters as they stand in docs/overlays.md. */
export function documentParameters(): string {
  const own = Object.entries(TABLES).map(([kind, table]) => {
    const entries = Object.entries(table).filter(
      ([name, entry]) => common[name as never] !== entry,
    );
    return [`of ${kind}`, Object.fromEntries(entries)] as const;
  });
  return [["of all", common] as const, ...own]
    .map(
      ([title, table]) => `### ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${writeTable(table)}`,
    )
    .join("\n\n");
}
