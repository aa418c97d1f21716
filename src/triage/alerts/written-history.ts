import { selectSlots } from '../../store/alert-query.ts'
import type { Store } from '../../store/client.ts'
import { selectFirstLine, selectInstalled } from '../../store/first-seen-query.ts'
import { grouped } from '../grouped.ts'
import type { AlertRule } from './alert-rule.ts'
import { learn, type Memory, remembering } from './memory.ts'
import { unifiedTemplates } from './unified-templates.ts'

/** Stored history, read at once, so that moments at which nothing happened cost nothing. */
export type WrittenHistory = {
  /** What evaluation would have remembered at this moment; moments must be asked for in ascending order. */
  remember(atMs: number): Memory
  /** Could a rule find something at this moment? */
  mayFind(rule: AlertRule, atMs: number): boolean
}

type Range = {
  readonly store: Store
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
}

const arrival = { kind: 'written' } as const

/** Reads the failures between two moments, and what was known before. */
export async function openHistory({ store, fromMs, toMs, stepMs }: Range): Promise<WrittenHistory> {
  const span = { fromMs, toMs, arrival }
  const start = await learn(undefined, store, { toMs: fromMs, arrival })
  const unified = await unifiedTemplates(store, start.signatures)
  const slots = (await selectSlots(store, span, stepMs)).map((slot) => ({
    ...slot,
    signature: unified.aliases[slot.signature] ?? slot.signature,
  }))
  const installed = await selectInstalled(store, span)
  const sinceMs = await selectFirstLine(store, arrival)
  const bySlot = grouped(slots, ({ slot }) => slot)
  const slotOf = (ms: number) => Math.ceil((ms - fromMs) / stepMs)
  const { toMs: startMs } = start
  let memory = remembering(start, { toMs: startMs, signatures: [], installed: [], sinceMs, unified })
  return {
    remember(atMs) {
      const signatures = bySlot.get(slotOf(atMs)) ?? []
      const news = installed.filter(({ first_ms }) => first_ms > memory.toMs && first_ms <= atMs)
      memory = remembering(memory, { toMs: atMs, signatures, installed: news, sinceMs })
      return memory
    },
    mayFind(rule, atMs) {
      const reachMs = reachOf(rule)
      if (reachMs === undefined) return true
      if (atMs - reachMs < fromMs) return true
      const counts = new Map<string, number>()
      for (let slot = slotOf(atMs - reachMs); slot <= slotOf(atMs); slot++) {
        for (const { signature, count } of bySlot.get(slot) ?? []) {
          counts.set(signature, (counts.get(signature) ?? 0) + count)
        }
      }
      const least = rule.kind === 'rate' ? rule.at_least : 1
      return [...counts.values()].some((count) => count >= least)
    },
  }
}

/** How far back there must be an event for a rule to find something; undefined for rules that silence itself can trigger. */
function reachOf(rule: AlertRule): number | undefined {
  if (rule.kind === 'rate') return rule.window
  return 'recent' in rule ? rule.recent : undefined
}
