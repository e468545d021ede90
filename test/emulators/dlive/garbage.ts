/** Frames that are JSON and yet wrong, level by level: the frame, its payload, the field, the item. */
export const dliveGarbage: readonly string[] = [
  { type: 5 },
  { type: null },
  { type: "no such type" },
  { type: "data" },
  { payload: null, id: "1", type: "data" },
  { payload: "text", id: 7, type: "data" },
  { payload: [], type: "data" },
  { payload: { data: null }, type: "data" },
  { payload: { data: [] }, type: "data" },
  { payload: { data: {} }, type: "data" },
  { payload: { data: { noSuchField: [] } }, type: "data" },
  ...[null, "text", 4, {}, [], [null], [[]], ["text", 4]].map(inField),
  ...[
    {},
    { __typename: "ChatText" },
    { type: 4, id: 5 },
    { type: {}, id: "x" },
    { type: "Message", id: {}, content: [], createdAt: 5, sender: "nobody" },
    { type: "Message", id: "garbage", content: null, createdAt: "soon", sender: null },
    { type: "Delete", id: "garbage", ids: "all" },
  ].map((item) => inField([item])),
  { payload: { data: { treasureChestMessageReceived: "gold" } }, type: "data" },
  { payload: { data: { treasureChestMessageReceived: { type: [] } } }, type: "data" },
].map((frame) => JSON.stringify(frame));

function inField(value: unknown) {
  return { payload: { data: { streamMessageReceived: value } }, type: "data" };
}
