import type { EventJson } from '../../event-json.ts'
import type { WaitJson } from './absence/waiting.ts'
import type { AroundCause, VerdictJson } from './cause/verdict.ts'
import type { PhaseJson } from './course/phase-states.ts'
import type { FindingJson } from './findings/findings.ts'
import type { PortalJson } from './outside/portal-json.ts'
import type { ProbeJson } from './outside/probe-view.ts'
import type { Traits } from './shown/traits.ts'
import type { UnexplainedJson } from './shown/unexplained.ts'
import type { Status } from './status.ts'

/** The diagnosis of one attempt; keys as in the command's `--json`. */
export type DiagnosisJson = AroundCause & {
  readonly session: string
  readonly attempt: number
  readonly host: string
  /** As paths and messages name it; '' if none does. */
  readonly instance: string
  readonly session_uuid: string
  readonly cluster: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly status: Status
  readonly verdict?: VerdictJson
  readonly evidence: readonly EventJson[]
  /** The lines of the log around the first evidence of a verdict, with it; where single desktops or paths are asked for. */
  readonly around?: readonly EventJson[]
  /**
   * What several events say together, and conditions with their end. Findings about the whole cluster are included while the
   * desktop does not work.
   */
  readonly findings: readonly FindingJson[]
  readonly phases: readonly PhaseJson[]
  readonly not_checked: readonly { readonly source: string; readonly reason: string }[]
  readonly evidence_incomplete: boolean
  /** What the instance is made of, as far as its logs say. */
  readonly traits: Traits
  /** Failures that no rule explains, alike ones counted together. */
  readonly unexplained: readonly UnexplainedJson[]
  /** What a stalled desktop is waiting for. */
  readonly waits_for?: WaitJson
  /** What the portal's database says about it, if that was read. */
  readonly portal?: PortalJson
  /** What its address answered, if it is probed on a schedule. */
  readonly probe?: ProbeJson
}
