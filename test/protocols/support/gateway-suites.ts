import type { GatewayAdapter } from "../../../src/protocols/gateway.ts";
import { protocols } from "../../../src/protocols/registry.ts";
import type { GatewaySamples, SocketSample } from "./gateway-samples.ts";

/** A registered gateway, with what is needed to put it to the test. */
export interface GatewaySuite {
  readonly id: string;
  readonly gateway: GatewayAdapter;
  readonly samples: GatewaySamples;
}

/** One kind of socket of a gateway. */
export interface SocketSuite extends GatewaySuite {
  readonly name: string;
  readonly socket: SocketSample;
}

/** Every gateway there is: one joins by being registered, and fails for want of samples. */
export const gatewaySuites: readonly GatewaySuite[] = await Promise.all(
  Object.entries(protocols).flatMap(([id, { gateway }]) =>
    gateway === undefined ? [] : [load(id, gateway)],
  ),
);

export const socketSuites: readonly SocketSuite[] = gatewaySuites.flatMap((suite) =>
  Object.entries(suite.samples.sockets).map(([kind, socket]) => ({
    ...suite,
    name: `${suite.id}, ${kind}`,
    socket,
  })),
);

async function load(id: string, gateway: GatewayAdapter): Promise<GatewaySuite> {
  const { gatewaySamples: samples } = (await import(`../${id}/gateway-samples.ts`)) as {
    gatewaySamples: GatewaySamples;
  };
  return { id, gateway, samples };
}
