/** A database of the configuration. */
export interface Database {
  readonly binding: string;
  readonly name: string;
  /** Its id is in the configuration: it is there. */
  readonly isGiven: boolean;
  readonly jurisdiction: string | undefined;
}

/** The binding of the relay's own database. */
export const MAIN = "DB";

interface Configured {
  readonly binding: string;
  readonly database_name?: string | undefined;
  readonly database_id?: string | undefined;
  readonly jurisdiction?: string | undefined;
}

// Those that the relay knows (src/store/history/databases.ts); of any other it makes no use.
const OURS = /^(DB|HISTORY_[1-9]\d{0,3})$/;

/** Reads the databases that the relay uses: its own, and those of histories. */
export function readDatabases(configured: readonly Configured[], relay: string): Database[] {
  return configured
    .filter(({ binding }) => OURS.test(binding))
    .map(({ binding, database_name: name, database_id: id, jurisdiction }) => ({
      binding,
      name:
        name ?? (binding === MAIN ? relay : `${relay}-${binding.toLowerCase().replace("_", "-")}`),
      isGiven: (id ?? "") !== "",
      jurisdiction,
    }));
}
