import { formatPlace, SEQ_MAX } from "./blocks.ts";

/**
 * The part of a statement that finds the places of what holds one of the types in ?5 (a JSON list), or of
 * what a prefix with `*` stands for: `places(place)`, at most ?4 of them, of channel ?1 and up to seq ?3.
 * First the types that the channel has and that are named, then the first of each, then the first of
 * these. They are lists and not joins: a join the planner may turn round, and walk the channel.
 * `lowest` is the place at which the range begins, in SQL.
 */
export function formatPlacesByType(
  table: "block_types" | "volume_types",
  lowest: string,
  order: string,
): string {
  return `present(type) AS (
       SELECT (SELECT min(type) FROM ${table} WHERE channel = ?1)
       UNION ALL
       SELECT (SELECT min(type) FROM ${table} WHERE channel = ?1 AND type > present.type)
       FROM present WHERE present.type IS NOT NULL
     ),
     wanted(type) AS (
       SELECT DISTINCT present.type FROM present, json_each(?5) AS named
       WHERE present.type = named.value
         OR (substr(named.value, -1) = '*'
             AND substr(present.type, 1, length(named.value) - 1)
               = substr(named.value, 1, length(named.value) - 1))
     ),
     found(firsts) AS (
       SELECT (SELECT json_group_array(first) FROM (
         SELECT first FROM ${table}
         WHERE channel = ?1 AND type = wanted.type
           AND first >= (SELECT ${lowest} & ${SEQ_MAX}) AND first <= ?3
         ORDER BY first ${order} LIMIT ?4))
       FROM wanted
     ),
     places(place) AS (
       SELECT DISTINCT ${formatPlace("each.value")} FROM found, json_each(found.firsts) AS each
       ORDER BY 1 ${order} LIMIT ?4
     )`;
}
