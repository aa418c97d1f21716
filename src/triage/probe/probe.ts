import type { ProbeAnswer } from './answer.ts'
import type { Answerer, ProbeFinding, Target } from './decision-row.ts'
import { DECISIONS, UNDECIDED } from './decision-table.ts'
import { unanswered } from './no-answer-table.ts'

/** What an answer means; `url` is the address that was asked, if known. */
export function probeFinding(answer: ProbeAnswer, url?: string): ProbeFinding {
  const { ok, inconclusive, phase, title, explain, remedy } = decided(answer, url)
  return {
    ok,
    ...(inconclusive === undefined ? {} : { inconclusive }),
    phase,
    title: title.replace('SERVER', () => answer.server ?? ''),
    explain,
    remedy,
  }
}

function decided(answer: ProbeAnswer, url: string | undefined): ProbeFinding {
  const { status, server, location, error = '' } = answer
  if (status === undefined) return unanswered(error)
  const by = answererOf(server)
  const target = targetOf(location, url)
  const found = DECISIONS.find(
    (row) =>
      row.by.includes(by) &&
      (row.status === undefined || row.status.includes(status)) &&
      (row.leads === undefined || (target !== undefined && row.leads.includes(target))),
  )
  return found ?? UNDECIDED
}

function answererOf(server: string | undefined): Answerer {
  if (server === undefined) return 'unnamed'
  if (/^dcv\b/i.test(server)) return 'dcv'
  if (/^awselb\b/i.test(server)) return 'load balancer'
  return /^uwsgi\b/i.test(server) ? 'portal' : 'other'
}

/** If it is not known which host was asked, the first page of whatever host is the portal's: older ones name their host. */
function targetOf(location: string | undefined, url: string | undefined): Target | undefined {
  if (location === undefined) return undefined
  const { host, pathname } = new URL(location, url ?? 'https://asked.invalid')
  if (url === undefined && !location.startsWith('/')) return pathname === '/' ? 'portal' : 'elsewhere'
  if (url !== undefined && host !== new URL(url).host) return 'elsewhere'
  return /^\/(?:login\/?)?$/.test(pathname) ? 'portal' : 'here'
}

/** What is known about the request. */
export type Probed = { readonly url?: string | undefined; readonly session?: string | undefined }

/** A finding whose steps contain the address that was asked and, if known, the desktop behind it. */
export function withNames(finding: ProbeFinding, { url, session }: Probed): ProbeFinding {
  const asked = url === undefined ? undefined : new URL(url)
  const host = asked?.pathname.split('/')[1] || undefined
  const names: readonly (readonly [placeholder: string, name: string | undefined])[] = [
    ['ADDRESS:PORT', asked && `${asked.hostname}:${asked.port || '443'}`],
    ['DESKTOP-HOST', host],
    ['OWNER/NAME', session],
  ]
  const filled = (step: string) =>
    names.reduce((text, [placeholder, name]) => text.replaceAll(placeholder, name ?? placeholder), step)
  return { ...finding, remedy: finding.remedy.map(filled) }
}
