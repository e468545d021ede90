import { BaseSequencer, type TestSpecification } from "vitest/node";

/*
 * The files that take longest, longest first: one that begins last is what everybody waits for. A
 * clone that has run no tests yet knows nothing of how long they take.
 */
const LONGEST = [
  "e2e/overlay-parameters",
  "e2e/deploy",
  "e2e/deploy-keys",
  "e2e/overlays",
  "e2e/key-change",
  "e2e/console-states",
  "e2e/console-pages",
  "e2e/recreation",
  "e2e/dlive-client",
  "e2e/webhooks",
  "e2e/youtube",
  "http/device-authorizations",
  "objects/expiry",
  "objects/providers/cuts",
  "objects/channel/pages",
  "objects/providers/hand-overs",
  "objects/channel/archive-erasing",
  "http/document-fuzz",
  "protocols/conformance",
  "protocols/gateway-frames",
].map((name) => `/test/${name}.test.ts`);

/** Begins with the files that take longest, within each project. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => findGroup(a) - findGroup(b) || findPlace(a) - findPlace(b));
  }
}

/** Projects run one after the other, each as a group of its own. */
function findGroup({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function findPlace({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
  return place === -1 ? LONGEST.length : place;
}
