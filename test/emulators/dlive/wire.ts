import { z } from "zod";

/** A client frame, as strict as a server that reads it into typed fields: an id is a string or nothing. */
const ClientFrame = z.object({
  type: z.string(),
  id: z.string().nullish(),
  payload: z.unknown().optional(),
});
export type ClientFrame = z.infer<typeof ClientFrame>;

/** Null for what is no JSON, or not of that shape: the service does not tell the two apart. */
export function readClientFrame(text: string): ClientFrame | null {
  try {
    const parsed = ClientFrame.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

// No `payload` key in these two, not even null: real clients take any frame that has one for data.
export const connectionAck = '{"type":"connection_ack"}';
export const keepAlive = '{"type":"ka"}';

export function connectionError(message: string): string {
  return JSON.stringify({ payload: { message }, type: "connection_error" });
}

/** A subscription's id is echoed as it came; who gave none, or an empty one, gets none. */
type OperationId = string | null | undefined;

export function operationError(id: OperationId, message: string): string {
  return JSON.stringify({ payload: [{ message }], ...idField(id), type: "error" });
}

export function operationComplete(id: OperationId): string {
  return JSON.stringify({ ...idField(id), type: "complete" });
}

export const dataKeyOrders = ["payload-id-type", "type-id-payload"] as const;
export type DataKeyOrder = (typeof dataKeyOrders)[number];

/** What stands before and after the payload of each data frame of one subscription. */
export function dataFrame(id: OperationId, order: DataKeyOrder): { head: string; tail: string } {
  const idText = id ? `"id":${JSON.stringify(id)},` : "";
  return order === "payload-id-type"
    ? { head: '{"payload":', tail: `,${idText}"type":"data"}` }
    : { head: `{"type":"data",${idText}"payload":`, tail: "}" };
}

function idField(id: OperationId): { id?: string } {
  return id ? { id } : {};
}
