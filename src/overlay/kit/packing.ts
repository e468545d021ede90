/* Packing of a table of parameters: into what a page needs of it, which is put in when it is built. */
import type { Parameter, Parameters } from "./parameters.ts";

/** Packs a table: of each parameter its names, its kind, its default and its bounds. */
export function packParameters(table: Parameters): string {
  return Object.entries(table)
    .map(([name, parameter]) => {
      const names = [name, ...(parameter.was ?? [])].join("|");
      const usual = writeValue(parameter.default);
      return [names, parameter.kind, usual, ...listBounds(parameter)].join(" ").trimEnd();
    })
    .join(";");
}

/** Writes a value as it stands in an address. */
export function writeValue(value: Parameter["default"]): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "object" && "currency" in value) return `${value.value}${value.currency}`;
  return String(value);
}

function listBounds(parameter: Parameter): readonly (string | number)[] {
  switch (parameter.kind) {
    case "whole":
    case "number": {
      const words = Object.entries(parameter.words ?? {}).map((word) => word.join(":"));
      return [parameter.min, parameter.max, ...words];
    }
    case "choice":
    case "list":
      return parameter.of;
    case "text":
      return [parameter.max];
    default:
      return [];
  }
}
