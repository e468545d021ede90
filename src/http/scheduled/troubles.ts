import { ChannelReport } from "../../calls/report.ts";
import {
  compareTroubles,
  findChannelTroubles,
  findCronTroubles,
  findDatabaseTrouble,
  makeMissingTrouble,
  Trouble,
  type FailingWork,
  type Standing,
} from "../../event/trouble.ts";
import { decodeOwnJson } from "../../lib/json.ts";
import { report } from "../../report.ts";
import { listTroubled, listTroubles, noteTroubles } from "../../store/history/reports.ts";
import { lookAtDatabases } from "../history-databases.ts";
import { composeAlarm, isAlarmSet } from "./alarms.ts";
import type { Run } from "./run.ts";

// More than these and nobody reads them one by one.
const CHANNELS_MOST = 500;
const TROUBLES_MOST = 2_000;

/** Notes what is wrong with the relay since this minute, and what is well again. */
export async function noteWhatIsWrong(
  { env, now }: Run,
  failing: readonly FailingWork[],
): Promise<void> {
  const others = await lookAtDatabases(env);
  const standing = (await listTroubles(env.DB, TROUBLES_MOST)).flatMap(readTrouble);
  const keys = new Set(standing.map(({ key }) => key));
  const stands = (key: string): boolean => keys.has(key);
  const { reports, bytes } = await listTroubled(env.DB, CHANNELS_MOST);
  const full = findDatabaseTrouble(bytes, stands);
  const found = [
    ...reports.flatMap(({ channel, report: text }) => {
      const read = decodeOwnJson(ChannelReport, text);
      return read.ok ? findChannelTroubles(channel, read.value, stands) : [];
    }),
    ...findCronTroubles(failing),
    ...(full === null ? [] : [full]),
    ...others.flatMap(({ name, bytes: size, isBound }) => {
      if (!isBound) return [makeMissingTrouble(name)];
      const trouble = findDatabaseTrouble(size ?? 0, stands, name);
      return trouble === null ? [] : [trouble];
    }),
  ];
  const changes = compareTroubles(standing, found, now);
  // There are more than were looked at: nobody knows of the others whether they are well again.
  const isWhole = reports.length < CHANNELS_MOST && standing.length < TROUBLES_MOST;
  const ended = changes.ended.filter(({ trouble }) => isWhole || trouble.channel === null);
  const begun = changes.begun.slice(0, Math.max(0, TROUBLES_MOST - standing.length));
  if (begun.length + ended.length === 0) return;
  const alarms = isAlarmSet(env)
    ? [
        ...begun.map((each) => composeAlarm("began", each, now)),
        ...ended.map((each) => composeAlarm("ended", each, now)),
      ]
    : [];
  await noteTroubles(env.DB, { begun, ended: ended.map(({ key }) => key), alarms }, now);
}

/** A trouble as it is kept; none where it is of an older shape, which ends it. */
export function readTrouble(kept: {
  readonly key: string;
  readonly trouble: string;
  readonly since: number;
}): Standing[] {
  const read = decodeOwnJson(Trouble, kept.trouble);
  if (read.ok) return [{ ...kept, trouble: read.value }];
  report("trouble of an older shape", new Error(read.problem), { trouble: kept.key });
  return [];
}
