import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Secrets {
  readonly adminKey: string;
  readonly masterKey: string;
  readonly isAdminKeyGiven: boolean;
}

/** The relay's secrets: from the environment, or made at the first start and kept with the data. */
export function readSecrets(data: string, env: NodeJS.ProcessEnv): Secrets {
  const given = env["TRIBUTARY_ADMIN_KEY"];
  const isAdminKeyGiven = given !== undefined && given !== "";
  return {
    adminKey: isAdminKeyGiven ? given : kept(join(data, "admin-key"), "trb_admin_"),
    masterKey: env["TRIBUTARY_MASTER_KEY"] ?? kept(join(data, "master-key"), ""),
    isAdminKeyGiven,
  };
}

function kept(file: string, prefix: string): string {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const secret = prefix + randomBytes(32).toString("hex");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
