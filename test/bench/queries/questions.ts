import type { Store } from '../../../src/store/client.ts'
import type { Scale } from './scaled-rows.ts'

/** A question as the page asks it, and the address of it. */
export type Asked = { readonly name: string; readonly path: string }

/** Addresses that the pages of the browser ask for, of a store that ends now. */
export async function questions(store: Store, { endS }: Scale): Promise<Asked[]> {
  const [desktop, other] = await store.query<{ owner: string; session: string }>(
    `SELECT owner, session FROM dcvlens.events WHERE severity = 'error' AND kind = 'signature' AND session != '' AND host != ''
     ORDER BY ts DESC LIMIT 1 BY owner, session LIMIT 2`,
  )
  const [event] = await store.query<{ event_id: string; at: string; rule_id: string }>(
    `SELECT event_id, formatDateTime(ts, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS at, rule_id FROM dcvlens.events
     WHERE session != '' AND kind = 'signature' AND severity = 'error' ORDER BY ts DESC LIMIT 1`,
  )
  const [line] = await store.query<{ event_id: string; at: string }>(
    `SELECT event_id, formatDateTime(ts, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS at FROM dcvlens.lines
     WHERE session != '' AND level = 'info' AND ts > now() - 86400 * 3 LIMIT 1`,
  )
  const [session, second] = [desktop, other].map((one) => encodeURIComponent(`${one?.owner}/${one?.session}`))
  const ago = (days: number) => encodeURIComponent(new Date((endS - days * 86_400) * 1000).toISOString())
  const ask = (name: string, path: string): Asked => ({ name, path: `/api/v1/${path}` })
  return [
    ask('overview, 24 h', 'overview?from=24h'),
    ask('overview, 7 d', 'overview?from=7d'),
    ask('overview, 30 d', 'overview?from=30d'),
    ask('trends by 15 min, 24 h', 'trends?bucket=15m&from=24h'),
    ask('trends by hour, 7 d', 'trends?bucket=1h&from=7d'),
    ask('trends by day, 90 d', 'trends?bucket=1d&from=90d'),
    ask('trends by minute, 1 h', 'trends?bucket=1m&from=1h'),
    ask('sessions, 7 d', 'sessions?from=7d&limit=10000'),
    ask('sessions, all', 'sessions?limit=10000'),
    ask('diagnosis of one desktop', `diagnose?session=${session}`),
    ask('comparison of two desktops', `compare?a=${session}&b=${second}`),
    ask('timeline of one desktop', `timeline?session=${session}&limit=20000`),
    ask('lines of one desktop', `timeline?session=${session}&all=true&limit=1000`),
    ask('events of one desktop', `events?session=${session}&limit=100`),
    ask('search in one desktop', `search?session=${session}&text=connection`),
    ask('trends of one desktop', `trends?session=${session}&bucket=1h`),
    ask('lines around an event', `lines?event_id=${event?.event_id}&at=${event?.at}`),
    ask('lines around a line', `lines?event_id=${line?.event_id}&at=${line?.at}`),
    ask('lines around an event, no time', `lines?event_id=${event?.event_id}`),
    ask('lines around a line, no time', `lines?event_id=${line?.event_id}`),
    ...[
      ['24 h', ago(1)],
      ['7 d', ago(7)],
      ['all', undefined],
    ].flatMap(([span, from]) => {
      const since = from === undefined ? '' : `&from=${from}`
      return [
        ask(`search, few hits, ${span}`, `search?text=rareword${since}`),
        ask(`search, many hits, ${span}`, `search?text=connection${since}`),
        ask(`search, no hit, ${span}`, `search?text=zzzqqq${since}`),
      ]
    }),
    ask('events of a rule', `events?rule=${event?.rule_id}&limit=100`),
    ask('newest failures', 'events?severity=error&limit=100'),
    ask('signatures', 'signatures?limit=1000'),
    ask('one signature', `signatures/${event?.rule_id}`),
    ask('rules coverage', 'export/trends?bucket=1d&from=7d'),
    ask('alerts', 'alerts'),
    ask('ledger', 'ledger?all=false&limit=500'),
    ask('ledger of all files', 'ledger?all=true&limit=500'),
    ask('status', 'status'),
    ask('store', 'store'),
  ]
}
