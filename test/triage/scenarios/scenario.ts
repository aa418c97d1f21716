import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DiagnosisJson } from '../../../src/triage/diagnosis/diagnosis-json.ts'
import type { Status } from '../../../src/triage/diagnosis/status.ts'
import { msOf } from './moments.ts'

/** One log as it lies on a disk. */
export type Log = {
  readonly path: string
  readonly lines: readonly string[]
  /** When it was written last, in minutes after the beginning. */
  readonly end: number
  /** What PowerShell writes has a BOM, two bytes a letter and CRLF. */
  readonly encoding?: 'utf16le'
}

/** What is to be found of a desktop that is not well. */
type Found = {
  readonly status: Status
  readonly phase: string
  /** '' if no line says it: silence. */
  readonly rule: string
  /** How the first line of the evidence begins. */
  readonly evidence?: string
  /** Rules of lines that only follow from it. */
  readonly folded: readonly string[]
}

/** Some desktops of a cluster with known fates: their logs, and what is to be said of each attempt (`owner/name #2`). */
export type Scenario = {
  readonly title: string
  readonly tree: readonly Log[]
  readonly expect: Readonly<Record<string, Status | Found>>
}

type Cause = Omit<Found, 'status' | 'folded'> & { readonly folded?: readonly string[] }

export function failed(
  phase: string,
  rule: string,
  evidence?: string,
  folded: readonly string[] = [],
): Found {
  return found('failed', { phase, rule, folded, ...(evidence === undefined ? {} : { evidence }) })
}

export function stalled(phase: string, rule: string, evidence?: string): Found {
  return found('stalled', { phase, rule, ...(evidence === undefined ? {} : { evidence }) })
}

function found(status: Status, { folded = [], ...cause }: Cause): Found {
  return { status, ...cause, folded }
}

/** Writes the logs of a scenario below `root`. */
export function plant(root: string, tree: readonly Log[]): void {
  for (const { path, lines, end, encoding } of tree) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    const wide = encoding === 'utf16le'
    const text = lines.map((line) => line + (wide ? '\r\n' : '\n')).join('')
    writeFileSync(file, wide ? Buffer.from(`\uFEFF${text}`, 'utf16le') : text)
    const seconds = msOf(end) / 1000
    utimesSync(file, seconds, seconds)
  }
}

/** What was found of each attempt, in the words of `expect`: as much of it as is expected. */
export function told(found: readonly DiagnosisJson[], { expect }: Scenario): Scenario['expect'] {
  return Object.fromEntries(
    found.map((one) => {
      const name = one.attempt === 1 ? one.session : `${one.session} #${one.attempt}`
      return [name, one.verdict === undefined ? one.status : toldOf(one, expect[name])]
    }),
  )
}

function toldOf(
  { status, verdict, evidence, consequences }: DiagnosisJson,
  wanted: Status | Found | undefined,
): Found {
  const { evidence: begin, folded } =
    typeof wanted === 'object' ? wanted : { evidence: undefined, folded: [] }
  const message = evidence[0]?.message ?? ''
  const rules = consequences.map(({ rule_id }) => rule_id)
  const isAll = folded.every((rule) => rules.includes(rule))
  return {
    ...{ status, phase: verdict?.phase ?? '', rule: verdict?.rule_id ?? '' },
    ...(begin === undefined ? {} : { evidence: message.startsWith(begin) ? begin : message }),
    folded: isAll ? folded : rules,
  }
}
