/* The overlays, for whoever makes forms, documents and addresses of them; of the pages there is nothing here. */
import { parameters as alerts } from "./alerts/parameters.ts";
import { parameters as chat } from "./chat/parameters.ts";
import { parameters as events } from "./events/parameters.ts";
import { parameters as featured } from "./featured/parameters.ts";
import { parameters as goal } from "./goal/parameters.ts";
import type { Parameters } from "./kit/parameters.ts";
import { parameters as viewers } from "./viewers/parameters.ts";

export interface Table {
  readonly title: string;
  /** The size of a source in OBS. */
  readonly width: number;
  readonly height: number;
  readonly parameters: Parameters;
}

export const tables = {
  chat: { title: "Chat", width: 500, height: 800, parameters: chat },
  alerts: { title: "Alerts", width: 800, height: 300, parameters: alerts },
  events: { title: "Events", width: 500, height: 400, parameters: events },
  goal: { title: "Goal", width: 600, height: 100, parameters: goal },
  featured: { title: "Featured message", width: 900, height: 260, parameters: featured },
  viewers: { title: "Viewers", width: 300, height: 80, parameters: viewers },
} as const satisfies Readonly<Record<string, Table>>;

export type OverlayKind = keyof typeof tables;
