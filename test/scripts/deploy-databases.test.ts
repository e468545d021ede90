import { describe, it } from "vitest";

import { readDatabases } from "../../scripts/deploy/databases.ts";

describe("the databases of a deploy", () => {
  it("are the relay's own and those of histories, each by the name it has or one that says what it is", ({
    expect,
  }) => {
    const found = readDatabases(
      [
        { binding: "DB" },
        { binding: "HISTORY_2", database_id: "an-id" },
        { binding: "HISTORY_1", database_name: "mine", jurisdiction: "eu" },
        { binding: "OTHER", database_name: "of something else" },
      ],
      "relay",
    );
    expect(found).toEqual([
      { binding: "DB", name: "relay", isGiven: false, jurisdiction: undefined },
      { binding: "HISTORY_2", name: "relay-history-2", isGiven: true, jurisdiction: undefined },
      { binding: "HISTORY_1", name: "mine", isGiven: false, jurisdiction: "eu" },
    ]);
  });
});
