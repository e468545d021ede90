import type { ProviderAdapter } from "../../../src/protocols/provider.ts";
import { protocols } from "../../../src/protocols/registry.ts";
import { begun, type Driven } from "./drive.ts";
import { linkTo, type Occurrence, type Samples } from "./samples.ts";

/** A registered protocol, with what is needed to put it to the test. */
export interface Suite {
  readonly id: string;
  readonly provider: ProviderAdapter;
  readonly samples: Samples;
  readonly occurrences: readonly (Occurrence & { readonly name: string })[];
  /** A session of its own, to which events can come. */
  readonly start: () => Driven;
}

/** Every protocol there is: one joins by being registered, and fails for want of samples. */
export const suites: readonly Suite[] = await Promise.all(
  Object.entries(protocols).map(async ([id, { provider }]) => {
    const { samples } = (await import(`../${id}/samples.ts`)) as { samples: Samples };
    return {
      id,
      provider,
      samples,
      occurrences: Object.entries(samples.occurrences).map(([name, each]) => ({ name, ...each })),
      start: () => begun(provider.open(linkTo(samples)), samples),
    };
  }),
);
