import { readMasterKeys, type MasterKeyEnv } from "../lib/master-keys.ts";
import { isAllSealedAnew, LIVES_ON_MS, type SealedLeft } from "../lib/sealed-left.ts";
import { computeKeyId } from "../lib/secrecy.ts";
import { formatTime } from "../lib/time.ts";
import { readMasterKeyRecord } from "../store/history/master-key.ts";
import type { MasterKeyState } from "./schemas/master-key.ts";

/** How far a change of the master key is, and whether the one before may be taken away. */
export async function viewMasterKey(
  env: MasterKeyEnv & Pick<Env, "DB">,
  now: number,
): Promise<MasterKeyState> {
  const keys = readMasterKeys(env);
  const id = await computeKeyId(keys.current);
  const known = await readMasterKeyRecord(env.DB.withSession());
  // What is written of another key says nothing of this one: the next run begins it.
  const record = known?.id === id ? known : null;
  const previous = keys.previous === null ? null : await computeKeyId(keys.previous);
  const neededUntil = record === null || previous === null ? null : record.since + LIVES_ON_MS;
  const isAnew = isAllSealedAnew(record?.left ?? null);
  return {
    id,
    since: record === null ? null : formatTime(record.since),
    sealed: record?.left == null ? null : pickCounts(record.left),
    checkedAt: record?.checkedAt == null ? null : formatTime(record.checkedAt),
    previous:
      previous === null
        ? null
        : {
            id: previous,
            neededUntil: neededUntil === null ? null : formatTime(neededUntil),
            mayBeRemoved: isAnew && neededUntil !== null && neededUntil <= now,
          },
  };
}

function pickCounts({ old, unreadable, missing, unasked }: SealedLeft): MasterKeyState["sealed"] {
  return { old, unreadable, missing: [...missing], unasked };
}
