import { hash } from 'node:crypto'
import { z } from 'zod'
import type { RuleDefinition } from './rule-schema.ts'

/**
 * By id: version and short hash of everything that decides which verdicts a rule gives and when they end. Texts do not count,
 * nor does `caused_by`, which ranks verdicts of other rules.
 */
export type RuleLogic = Readonly<Record<string, readonly [version: number, hash: string]>>

/** The content of `lock.json` in a rule folder. */
export const LockFile = z.record(z.string(), z.tuple([z.int(), z.string()]))

const HASH_CHARS = 12

/** Hashes the logic of each rule; a deprecated rule gives no verdicts. */
export function logicOf(definitions: readonly RuleDefinition[]): RuleLogic {
  return Object.fromEntries(
    definitions.map((definition) => {
      const { id, version, status } = definition
      return [id, [version, hashOf(JSON.stringify([status === 'deprecated', decisive(definition)]))]]
    }),
  )
}

/** Short hash of the logic of a whole set; the order of its files does not count. */
export function versionOf(logic: RuleLogic): string {
  return hashOf(JSON.stringify(Object.entries(logic).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** Ids of rules whose logic differs from that locked for their version. */
export function changedUnderLock(logic: RuleLogic, lock: RuleLogic): string[] {
  return Object.entries(logic).flatMap(([id, [version, hash]]) => {
    const locked = lock[id]
    return locked !== undefined && (version < locked[0] || (version === locked[0] && hash !== locked[1]))
      ? [id]
      : []
  })
}

function decisive(definition: RuleDefinition): unknown {
  const { severity, layer, phase, type } = definition
  const weight = { severity, layer, phase, type }
  if ('match' in definition) {
    const { match, source, captures, echo, benign, milestone, general, clears_on, within } = definition
    const logic = {
      match,
      source,
      captures,
      echo,
      benign,
      milestone,
      ...weight,
      ...(general ? { general } : {}),
    }
    // Absent keys leave no trace in JSON: only conditions that say when they end are hashed with it.
    return { ...logic, clears_on, within }
  }
  const { per, within } = definition
  if (definition.type === 'absence') {
    return { per, within, after: definition.after, expects: definition.expects, ...weight }
  }
  if (definition.type === 'sequence') return { per, within, steps: definition.steps, ...weight }
  return { per, within, of: definition.of, count: definition.count, apart: definition.apart, ...weight }
}

function hashOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, HASH_CHARS)
}
