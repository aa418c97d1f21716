import type { RuleSet } from '../../../src/interpret/load-rules.ts'
import type { Rule } from '../../../src/interpret/rule.ts'

/** Kinds of logs of a desktop's own folder, of its host, and of the machines that serve all; with their shares of lines. */
export const SOURCES = [
  ['user-data', 'own', 4],
  ['filesystems-mount', 'own', 2],
  ['install-packages', 'own', 8],
  ['setup', 'own', 12],
  ['setup-post-reboot', 'own', 8],
  ['messages', 'own', 20],
  ['dcv-server', 'host', 26],
  ['dcv-agent', 'host', 12],
  ['alb-manager', 'shared', 4],
  ['web-ui', 'shared', 3],
  ['state-watcher', 'shared', 1],
] as const

/** Classified lines of a kind of log are one of so many: milestones first, then failures, then what no rule explains. */
export const SLOTS = 64
export const MILESTONES = 44
const FAILURES = 16

type Slot = {
  readonly kind: string
  readonly rule: string
  readonly version: number
  readonly severity: string
  readonly phase: string
  readonly layer: string
  readonly message: string
}

const UNKNOWN: Slot = {
  ...{ kind: 'unknown', rule: '', version: 0, severity: 'error', phase: '', layer: '' },
  message: 'error: the helper process of unit # ended with status ~',
}

/** What classified lines of each kind of log say, by the shipped rules and their own samples. */
export function eventSlots({ rules }: RuleSet): Slot[] {
  return SOURCES.flatMap(([source]) => {
    const ofSource = rules.filter((rule) => rule.source.kinds?.includes(source) === true)
    const milestones = ofSource
      .filter(({ milestone }) => milestone === 'begin' || milestone === 'done')
      .map(slotOf)
    const failures = ofSource
      .filter(({ milestone, severity }) => milestone === undefined && severity !== 'info')
      .map(slotOf)
    const turn = (slots: readonly Slot[], i: number) => slots[i % slots.length] ?? UNKNOWN
    return Array.from({ length: SLOTS }, (_, i) => {
      if (i < MILESTONES) return turn(milestones.length > 0 ? milestones : [UNKNOWN], i)
      return i < MILESTONES + FAILURES ? turn(failures, i) : UNKNOWN
    })
  })
}

function slotOf({ id, version, severity, phase, layer, samples, kind }: Rule): Slot {
  const message = samples.match[0]?.line ?? id
  return {
    ...{ kind: kind === 'milestone' ? 'milestone' : 'signature', rule: id, version, severity },
    ...{ phase: phase ?? '', layer, message },
  }
}
