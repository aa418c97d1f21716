import type { RuleSet } from '../../interpret/load-rules.ts'
import type { RuleDescription } from '../../interpret/rule-description.ts'
import type { Generations } from '../../product-versions.ts'
import type { PhaseModel } from './course/phase-model.ts'
import type { FindingJson, Unassigned } from './findings/findings.ts'
import type { SharedLogs } from './shared-logs/shared-logs.ts'
import type { Story } from './story.ts'

/** What a diagnosis is made with, besides the story. */
export type DiagnosisContext = {
  readonly rules: RuleSet
  readonly phases: readonly PhaseModel[]
  readonly generations: Generations
  readonly nowMs: number
}

/** Everything that one attempt is judged by. */
export type World = DiagnosisContext & {
  readonly ruleById: ReadonlyMap<string, RuleDescription>
  readonly story: Story
  readonly shared: SharedLogs
  readonly around: ReadonlyMap<string, readonly FindingJson[]>
  readonly unassigned: Unassigned
  /** Is a folder read in which the logs of new desktops appear? */
  readonly readsDesktops: boolean
}
