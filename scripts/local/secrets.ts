import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Secrets {
  readonly adminKey: string;
  readonly masterKey: string;
  /** Those before, while they are being changed; empty for none. */
  readonly previousAdminKey: string;
  readonly previousMasterKey: string;
  readonly isAdminKeyGiven: boolean;
}

/** The relay's secrets: from the environment, or made at the first start and kept with the data. */
export function readSecrets(data: string, env: NodeJS.ProcessEnv): Secrets {
  const given = (name: string): string => env[name] ?? "";
  const adminKey = given("TRIBUTARY_ADMIN_KEY");
  return {
    adminKey: adminKey || readOrMake(join(data, "admin-key"), "trb_admin_"),
    masterKey: given("TRIBUTARY_MASTER_KEY") || readOrMake(join(data, "master-key"), ""),
    previousAdminKey: given("TRIBUTARY_ADMIN_KEY_PREVIOUS"),
    previousMasterKey: given("TRIBUTARY_MASTER_KEY_PREVIOUS"),
    isAdminKeyGiven: adminKey !== "",
  };
}

function readOrMake(file: string, prefix: string): string {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const secret = prefix + randomBytes(32).toString("hex");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
