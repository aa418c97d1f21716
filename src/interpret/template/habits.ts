import { failureIn } from './protected-words.ts'

/**
 * Values in the lines of programs that many hosts run, which nothing but their place reveals: units and their descriptions,
 * commands, accounts, services of PAM, statements of SQL. In a line about a failure they stay, as they say what failed.
 */

/** A request in the log of a web server: who asked, when, for what, with which answer. */
const OF_ACCESS =
  /^\S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]{8,20}\] "(?:([A-Z]{3,9}) (?=\S))?(?:[^"\\]|\\.)*" \d{3} (?:\d+|-)(?= |$).*/

const OF_CRON = /^\([\w.@\\$-]+\) (CMD|CMDOUT|CMDEND) \(.*\)\s*$/
const SUDO_BY = /^\s*[\w.@\\$-]+(?= : (?:[^;\n]*; )?TTY=)/
const SUDO_COMMAND = ' ; COMMAND='
const OF_PAM = /^pam_(\w+)\([\w.-]+:/
const PAM_BY = / by [\w.@\\$-]*\(uid=/
const UNIT = /[\w@\\.-]+\.(?:service|socket|timer|target|mount|automount|swap|scope|slice)$/
/** The longest name of a unit. */
const MAX_UNIT = 255
const DESCRIBED = ' - '

const STATEMENTS = [
  'SELECT \\S|WITH \\S+ AS|INSERT INTO |UPDATE \\S+ SET |DELETE FROM |insert into |update \\S+ set |delete from |select (?:\\*|\\S*[(.,])|COPY \\S+ (?:FROM|TO|\\()|VACUUM|ANALYZE',
  'EXPLAIN |TRUNCATE |REFRESH MATERIALIZED |(?:CREATE|ALTER|DROP) (?:OR REPLACE |UNIQUE |TEMP(?:ORARY)? |MATERIALIZED )*[A-Z]{4,} ',
].join('|')
/** After a colon or in quotes, up to its end. */
const OF_SQL = new RegExp(
  `(?<=: |")(?:(?:${STATEMENTS})[^"\\n]*|(?:BEGIN|COMMIT|ROLLBACK|select \\d|SELECT \\d);?(?="|$))`,
  'g',
)
const HOLDS_SQL = /(?:: |")(?:[SWIUDCVAETRB][A-Z]{3}|insert |update |delete |select )/

/** A line with such values replaced by masks. */
export function withoutHabits(line: string): string {
  if (line.includes('] "')) {
    const method = OF_ACCESS.exec(line)
    if (method !== null) return `<ip> - <user> [<time>] "${method[1] ?? ''} <path>" <num>`
  }
  const known = replaced(line)
  return known === line || failureIn(line) ? line : known
}

function replaced(line: string): string {
  if (line.startsWith('(')) return line.replace(OF_CRON, '(<user>) $1 (<*>)')
  if (line.startsWith('pam_')) return line.replace(OF_PAM, 'pam_$1(<*>:').replace(PAM_BY, ' by <user>(uid=')
  const command = line.indexOf(SUDO_COMMAND)
  if (command > 0) return `${line.slice(0, command).replace(SUDO_BY, '<user>')}${SUDO_COMMAND}<*>`
  const dash = line.indexOf(DESCRIBED)
  const unit = dash > 0 ? UNIT.exec(line.slice(Math.max(0, dash - MAX_UNIT), dash)) : null
  if (unit !== null) return `${line.slice(0, dash - unit[0].length)}<*>${/\.{0,3}$/.exec(line)?.[0] ?? ''}`
  return HOLDS_SQL.test(line) ? line.replace(OF_SQL, '<*>') : line
}
