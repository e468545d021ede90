import {
  findMasterKey,
  openSealed,
  readKeyId,
  type MasterKeys,
  type SealedKind,
} from "../lib/master-keys.ts";
import { addLeft, makeNoneLeft, type SealedLeft } from "../lib/sealed-left.ts";
import { computeKeyId } from "../lib/secrecy.ts";

/** A sealed text where it is kept. */
export interface KeptSeal {
  readonly kind: SealedKind;
  readonly name: string;
  readonly sealed: string;
  /** Seals it anew, if it is still what is there. */
  reseal(text: string): Promise<void>;
}

// One call is to be short: the next one goes on.
const RESEALED_A_CALL = 50;

/** Seals anew what the key before opens, as far as one call goes. Answers what is left. */
export async function resealAll(keys: MasterKeys, kept: readonly KeptSeal[]): Promise<SealedLeft> {
  const keyId = await computeKeyId(keys.current);
  const left: SealedLeft[] = [];
  let tries = RESEALED_A_CALL;
  for (const each of kept) {
    const id = readKeyId(each.sealed);
    if (id === keyId) continue;
    const isKnown = id !== null && (await findMasterKey(keys, id)) !== null;
    const one = makeNoneLeft(keyId);
    if (!isKnown) left.push({ ...one, unreadable: 1, missing: id === null ? [] : [id] });
    else if (tries === 0) left.push({ ...one, old: 1 });
    else {
      const opened = await openSealed(keys, each.kind, each.name, each.sealed);
      if (!opened.ok) left.push({ ...one, unreadable: 1 });
      else {
        await each.reseal(opened.text);
        tries -= 1;
      }
    }
  }
  return addLeft(keyId, left);
}
