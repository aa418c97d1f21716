import type { DiagnosisJson } from './diagnosis/diagnosis-json.ts'

/** A trait that failed desktops have more often than others. */
export type CommonFactor = {
  readonly key: FactorKey
  readonly value: string
  /** Failed desktops with this trait, out of all desktops with it. */
  readonly failed: number
  readonly of: number
  /** How many times as often desktops with it fail, compared with all desktops. */
  readonly lift: number
}

const MOST = 10
/** A single failed desktop has nothing in common with others. */
const LEAST_FAILED = 2
const LEAST_LIFT = 1.2

const TRAITS = {
  profile: ({ profile }: DiagnosisJson) => profile,
  os: ({ os }: DiagnosisJson) => os,
  cluster: ({ cluster }: DiagnosisJson) => cluster,
  owner: ({ session }: DiagnosisJson) => session.slice(0, Math.max(0, session.indexOf('/'))),
  host: ({ host }: DiagnosisJson) => host,
  instance_type: ({ traits }: DiagnosisJson) => traits['instance_type'] ?? '',
  ami: ({ traits }: DiagnosisJson) => traits['ami'] ?? '',
  subnet: ({ traits }: DiagnosisJson) => traits['subnet'] ?? '',
  dcv_version: ({ traits }: DiagnosisJson) => traits['dcv_version'] ?? '',
  domain_controller: ({ traits }: DiagnosisJson) => traits['domain_controller'] ?? '',
} as const

type FactorKey = keyof typeof TRAITS

/** Everything that desktops can have in common. */
export const FACTOR_KEYS = Object.keys(TRAITS) as FactorKey[]

/** What the failed ones of some desktops have in common, starting with what explains most failures. */
export function commonFactors(desktops: readonly DiagnosisJson[]): CommonFactor[] {
  const failed = desktops.filter(({ status }) => status === 'failed' || status === 'stalled')
  const rate = failed.length / desktops.length
  const factors = groupsOf(desktops).map(({ key, value, members }) => {
    const failures = members.filter((diagnosis) => failed.includes(diagnosis)).length
    return { key, value, failed: failures, of: members.length, lift: round(failures / members.length / rate) }
  })
  return factors
    .filter(({ failed: count, lift }) => count >= LEAST_FAILED && lift >= LEAST_LIFT)
    .toSorted((a, b) => surplus(b, rate) - surplus(a, rate) || (a.value < b.value ? -1 : 1))
    .slice(0, MOST)
}

/** How many more of these desktops failed than would have at the average `rate`. */
function surplus({ failed, of }: CommonFactor, rate: number): number {
  return failed - of * rate
}

type Group = { readonly key: FactorKey; readonly value: string; readonly members: readonly DiagnosisJson[] }

function groupsOf(desktops: readonly DiagnosisJson[]): Group[] {
  return FACTOR_KEYS.flatMap((key) => {
    const read = TRAITS[key]
    const values = new Set(desktops.map(read).filter((value) => value !== ''))
    return [...values].map((value) => ({
      ...{ key, value },
      members: desktops.filter((diagnosis) => read(diagnosis) === value),
    }))
  })
}

function round(lift: number): number {
  return Math.round(lift * 100) / 100
}
