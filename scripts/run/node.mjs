/*
 * Which Node runs the project's scripts. Plain JavaScript for Node 20, as it is needed before
 * anything is installed.
 */

/** The oldest Node that runs TypeScript as it is. */
export const OLDEST = "22.18";

/** The packages that bring a Node for a machine, under the names that they have in the registry. */
export function packagesOfNode(platform, arch) {
  const system = platform === "win32" ? "win" : platform;
  return [`node-bin-${system}-${arch}`, `node-${system}-${arch}`];
}

/** Can a Node of this version run the project's scripts? */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}
