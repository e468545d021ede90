import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { Refused } from "../../src/console/api/call.ts";
import { reportFault, toRefused } from "../../src/console/api/fault.ts";

const told = vi.fn<(error: unknown) => void>();

beforeEach(() => {
  vi.stubGlobal("reportError", told);
});

afterEach(() => {
  vi.unstubAllGlobals();
  told.mockClear();
});

describe("an error in the console", () => {
  it("that is the page's own is told to the browser, and people are told as of a relay that is away", ({
    expect,
  }) => {
    const error = new TypeError("a fault of ours");
    expect(toRefused(error)).toMatchObject({ status: 0, code: "offline" });
    expect(told.mock.calls).toEqual([[error]]);
  });

  it("that is the relay's refusal, or a request that was called off, is not", ({ expect }) => {
    const refused = new Refused(409, null);
    expect(toRefused(refused)).toBe(refused);
    reportFault(new DOMException("called off", "AbortError"));
    expect(told).not.toHaveBeenCalled();
  });
});
