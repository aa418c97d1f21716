import { type SessionRow, selectSessions } from '../store/session-query.ts'
import type { Library, Page } from './answers.ts'
import { askDiagnosis, knowingOf } from './diagnosis/ask-diagnosis.ts'
import type { DiagnosisJson } from './diagnosis/diagnose.ts'
import type { Status } from './diagnosis/status.ts'

export type SessionJson = {
  readonly session: string
  readonly cluster: string
  readonly owner: string
  readonly name: string
  readonly attempts: number
  readonly host: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly status: Status
  readonly phase: string
  readonly first_seen: string
  readonly last_seen: string
  readonly failures: number
  readonly last_rule_id: string
}

export type SessionAsk = {
  readonly owner?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
  /** Rows of the pages before. */
  readonly cursor?: number | undefined
}

/** Desktops, the one with the newest line first; how they stand is what a diagnosis says of their last attempt. */
export async function askSessions(ask: SessionAsk, library: Library): Promise<Page<SessionJson>> {
  const offset = ask.cursor ?? 0
  const rows = await selectSessions(library.store, { ...ask, limit: ask.limit + 1, offset })
  const page = rows.slice(0, ask.limit)
  const standings = await standingsOf(page, ask, library)
  const items = page.map((row) => sessionJson(row, standings.get(`${row.owner}/${row.name}`)))
  return rows.length > ask.limit ? { items, next: String(offset + ask.limit) } : { items }
}

/** The diagnosis of the last attempt of each desktop of a page. */
async function standingsOf(
  page: readonly SessionRow[],
  ask: SessionAsk,
  library: Library,
): Promise<ReadonlyMap<string, DiagnosisJson>> {
  const from = page.map(({ first_seen }) => first_seen).sort()[0]
  if (from === undefined) return new Map()
  const [first] = page
  const one = page.length === 1 && ask.owner !== undefined && first !== undefined
  const asked = one ? { session: `${first.owner}/${first.name}`, from } : { from }
  const found = await askDiagnosis(asked, library.store, knowingOf(library))
  return new Map(found.map((diagnosis) => [diagnosis.session, diagnosis]))
}

function sessionJson(row: SessionRow, diagnosis: DiagnosisJson | undefined): SessionJson {
  const { cluster, owner, name, attempts, host, profile, first_seen, last_seen, failures } = row
  return {
    ...{ session: `${owner}/${name}`, cluster, owner, name, attempts, host, profile },
    os: row.windows > 0 ? 'windows' : 'linux',
    status: diagnosis?.status ?? 'unknown',
    phase: diagnosis?.verdict?.phase ?? row.phase,
    ...{ first_seen, last_seen, failures },
    last_rule_id: diagnosis?.verdict?.rule_id ?? row.last_rule_id,
  }
}
