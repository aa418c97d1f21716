import { MILESTONES, SLOTS, SOURCES } from './event-slots.ts'

/** How large a store is made, and the end of its time, seconds since the epoch. */
export type Scale = { readonly lines: number; readonly events: number; readonly endS: number }

/** Desktops, over so many days; so many are new enough to be written to at a time, and one of so many stays for good. */
const DESKTOPS = 3000
const DAYS = 90
const ALIVE = 170
const LASTING_EVERY = 60
/** Lines are read within less than the days after which they are removed. */
const INGEST_DAYS = 28
/** One desktop of so many fails. */
const FAILING_EVERY = 15
/** What is classified comes evenly among the lines. */
export const stride = ({ lines, events }: Scale) => Math.max(1, Math.floor(lines / events))

const MESSAGES = [
  '+ export SOCA_JOB_#=/apps/soca/soca-x/~',
  '  Installing : lib~-#.el7.x86_64      #/412 ',
  'libtool: compile:  gcc -DHAVE_CONFIG_H -I. -g -O2 -MT part~.lo -c part#.c -fPIC -o .libs/part#.o',
  'checking for func_#... yes',
  "INFO  channel - Channel 'display' (connection #) sent ~ bytes",
  'INFO  connection-manager - Connection # of user has been established',
  'INFO  audit - clipboard event # from channel ~ was let through',
  'DEBUG frame-encoder - frame # encoded in ~ us',
  'systemd[1]: Started Session # of user root.',
  'systemd-logind[~]: New session # of user.',
  'kernel: audit: type=1400 audit(#): apparmor="STATUS" pid=~',
  'GET /api/dcv/desktops?page=# HTTP/1.1 200 ~',
  'Checking desktop #, target group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/~',
  'Slow request # took ~ ms but was answered',
  'retry # of the mount helper, waiting',
  'copied s3://soca-bucket/part-# to /root/bootstrap/~',
]
/** Words that few lines hold: one of so many. */
const RARE_EVERY = 400_000

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const list = (texts: readonly string[]) => `[${texts.map(quoted).join(', ')}]`

/** The kind of log of a line, by shares: an index into SOURCES. */
function sourceOf(percent: string): string {
  let upTo = 0
  const cases = SOURCES.map(([, , share], index) => {
    upTo += share
    return `${percent} < ${upTo}, ${index}`
  })
  return `multiIf(${cases.join(', ')}, 0)`
}

/**
 * Rows of lines or of events `from` up to `to`, as SELECT: who wrote them, when, where. The same number gives the same row in
 * both tables; slots are taken from the table of slots.
 */
export function rowsOf(scale: Scale, table: 'lines' | 'events', from: number, to: number): string {
  const step = table === 'lines' ? 1 : stride(scale)
  const { lines, endS } = scale
  const places = `
    SELECT toUInt64(number * ${step}) AS i, cityHash64(i) AS h, ${sourceOf('(h % 100)')} AS kind,
      toInt64(intDiv(i * ${DESKTOPS}, ${lines})) AS newest,
      toInt64(intDiv(h, 100)) AS h2,
      if(h2 % 10 = 0, intDiv(intDiv(h2, 1000) % (newest + 1), ${LASTING_EVERY}) * ${LASTING_EVERY},
        greatest(0, newest - toInt64(${ALIVE} * pow((intDiv(h2, 10) % 100000) / 100000, 1.5)))) AS d,
      ${endS - DAYS * 86_400} + i / ${lines} * ${DAYS * 86_400} AS at,
      i % ${stride(scale)} = 0 AS classified
    FROM numbers(${from}, ${to - from})`
  const shared = SOURCES.findIndex(([, whose]) => whose === 'shared')
  const host = SOURCES.findIndex(([, whose]) => whose === 'host')
  const people = `
    SELECT *, kind >= ${shared} AS isShared, kind >= ${host} AS isAway,
      arrayElement(${list(SOURCES.map(([source]) => source))}, kind + 1) AS source,
      concat('user', toString(cityHash64(d) % 400)) AS user, concat('Desktop', toString(d)) AS name,
      concat('ip-10-', toString(d % 4), '-', toString(intDiv(d, 250)), '-', toString(d % 250)) AS machine,
      concat('/apps/soca/soca-', toString(d % 2), '/cluster_node_bootstrap/logs/desktop/', user, '/', name, '/', machine, '/', source, '.log') AS ownFile,
      kind * ${SLOTS} + if(d % ${FAILING_EVERY} = 0 OR h2 % 50 = 0, h2 % ${SLOTS}, h2 % ${MILESTONES}) AS slot
    FROM (${places})`
  const columns = `
    formatDateTime(ingested_at, '%Y%m%dT%H%i%S') || '000Z-bench-' || leftPad(toString(intDiv(i, 20000) % 1000000), 6, '0') AS batch,
    toDateTime64(at, 6, 'UTC') AS ts, 'parsed' AS ts_quality,
    toDateTime64(${endS - INGEST_DAYS * 86_400} + intDiv(i, 20000) * 20000 / ${lines} * ${INGEST_DAYS * 86_400}, 3, 'UTC') AS ingested_at,
    if(isAway AND NOT isShared, 'host', 'soca-24') AS profile,
    if(isAway AND NOT isShared, '', concat('soca-', toString(d % 2))) AS cluster,
    if(isAway, '', user) AS owner, if(isAway, '', name) AS session, '' AS session_uuid,
    if(isShared, '', machine) AS host, source,
    multiIf(isShared, concat('/opt/soca/soca-', toString(d % 2), '/', source, '.log'),
      isAway, concat('/hosts/', machine, '/var/log/dcv/', source, '.log'), ownFile) AS file,
    lower(hex(cityHash64(file))) AS file_id, 0 AS generation, i * 120 AS offset, 120 AS length, 0 AS continued,
    if(classified AND h2 % 50 = 0, 'error', 'info') AS level, arrayElement(['', 'main', 'frontend', 'audit'], h2 % 4 + 1) AS component,
    replaceAll(replaceAll(multiIf(i % ${RARE_EVERY} = 7, 'the rareword of # was met in ~', classified, s.said,
      arrayElement(${list(MESSAGES)}, h2 % ${MESSAGES.length} + 1)), '#', toString(h % 65536)), '~', hex(h % 16777216)) AS message`
  const verdict = `
    lower(substring(hex(SHA256(concat(file_id, ':0:', toString(offset)))), 1, 32)) AS event_id,
    s.kind AS verdict, s.rule AS rule_id, s.version AS rule_version, 'bench' AS rule_set,
    s.severity AS severity, s.phase AS phase, s.layer AS layer,
    if(rule_id = '', lower(hex(cityHash64(slot, h2 % 12))), '') AS template_id,
    CAST(map('mark', toString(h % 65536)), 'Map(LowCardinality(String), String)') AS captures, '' AS duplicate_of`
  return `SELECT ${columns}${table === 'events' ? `, ${verdict}` : ''} FROM (${people}) AS p
    ANY LEFT JOIN dcvlens.bench_slots AS s ON s.number = p.slot`
}
