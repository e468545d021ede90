import type { Chance } from "../kit/chance.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";
import type { TwitchKnobs } from "./actions.ts";
import { failure } from "./failure.ts";

const keptReports = 10_000;
const usualLifeSeconds = 1_800;
const usualIntervalSeconds = 5;
const grant = "urn:ietf:params:oauth:grant-type:device_code";
/** No vowels: no word comes of it. */
const letters = Array.from("BCDFGHJKLMNPQRSTVWXZ");

interface Device {
  readonly userCode: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly goodUntil: number;
  consent: "none" | "given" | "refused";
}

/** An asking for tokens, with what was answered. */
export interface DeviceAsk {
  readonly userCode: string | null;
  readonly message: string;
  readonly at: number;
}

/** Where somebody types a word, and programs ask whether they have. */
export class DeviceDesk {
  readonly #chance: Chance;
  readonly #knobs: TwitchKnobs;
  readonly #devices = new Map<string, Device>();
  readonly #asked: DeviceAsk[] = [];
  #slowDowns = 0;

  constructor(chance: Chance, knobs: TwitchKnobs) {
    this.#chance = chance;
    this.#knobs = knobs;
  }

  begin({ headers, body }: HttpQuestion): HttpAnswer {
    const form = new URLSearchParams(body);
    const clientId = form.get("client_id");
    const only = this.#knobs.clientId ?? null;
    if (clientId === null || (only !== null && only !== clientId)) {
      return failure(400, "invalid client");
    }
    const code = this.#chance.hex(40);
    const userCode = Array.from({ length: 8 }, () => this.#chance.pick(letters)).join("");
    const lifeSeconds = this.#knobs.deviceLifeSeconds ?? usualLifeSeconds;
    this.#devices.set(code, {
      userCode,
      clientId,
      scopes: (form.get("scopes") ?? "").split(" ").filter((scope) => scope !== ""),
      goodUntil: Date.now() + lifeSeconds * 1000,
      consent: "none",
    });
    const page = `http://${headers.host ?? "127.0.0.1"}/activate?public=true&device-code=${userCode}`;
    return {
      status: 200,
      body: {
        device_code: code,
        expires_in: lifeSeconds,
        interval: this.#knobs.deviceIntervalSeconds ?? usualIntervalSeconds,
        user_code: userCode,
        verification_uri: page,
      },
    };
  }

  /** The page on which the owner of the account does what the knob says. */
  activate({ query }: HttpQuestion): HttpAnswer {
    const typed = query.get("device-code");
    const device = [...this.#devices.values()].find(({ userCode }) => userCode === typed);
    if (device === undefined) return failure(404, "no such code");
    device.consent = this.#knobs.consent === "deny" ? "refused" : "given";
    return { status: 200, body: `The code ${device.userCode} was ${device.consent}.` };
  }

  /** The scopes that were granted, or the answer for want of them; null for another kind of grant. */
  ask(form: URLSearchParams): { scopes: readonly string[] } | HttpAnswer | null {
    if (form.get("grant_type") !== grant) return null;
    const code = form.get("device_code") ?? "";
    const device = this.#devices.get(code);
    const message = this.#judge(device, form.get("client_id"));
    keep(this.#asked, { userCode: device?.userCode ?? null, message, at: Date.now() }, keptReports);
    if (message !== "granted" || device === undefined) return failure(400, message);
    this.#devices.delete(code);
    return { scopes: device.scopes };
  }

  report(): readonly DeviceAsk[] {
    return structuredClone(this.#asked);
  }

  #judge(device: Device | undefined, clientId: string | null): string {
    if (device === undefined || device.clientId !== clientId) return "invalid device code";
    if (device.goodUntil <= Date.now()) return "invalid device code";
    if (this.#slowDowns < (this.#knobs.slowDowns ?? 0)) {
      this.#slowDowns += 1;
      return "slow_down";
    }
    if (device.consent === "refused") return "access_denied";
    return device.consent === "given" ? "granted" : "authorization_pending";
  }
}
