import type { Aliases } from './aliases.ts'
import type { Group } from './group.ts'

/**
 * Incremented when masks or grouping change: a model of another version is not used. Ids stay the same as long as the words
 * of a template do.
 */
const MODEL_VERSION = 4

/** What a miner knows, as JSON. */
export type Model = {
  readonly version: number
  readonly now: number
  readonly groups: readonly SavedGroup[]
  readonly aliases: readonly (readonly [string, string])[]
}
type SavedGroup = Pick<Group, 'id' | 'words' | 'shown' | 'seps' | 'bornAt' | 'usedAt'>

/** The knowledge of a miner in serialisable form. */
export function snapshotOf(groups: Iterable<Group>, aliases: Aliases, now: number): Model {
  const saved = [...groups].map(({ id, words, shown, seps, bornAt, usedAt }) => ({
    id,
    words: [...words],
    shown: [...shown],
    seps: [...seps],
    bornAt,
    usedAt,
  }))
  return { version: MODEL_VERSION, now, groups: saved, aliases: aliases.entries() }
}

/**
 * Reads a model from JSON; undefined if it is not one, or of another version. The miner then starts anew, with the same ids.
 */
export function readModel(json: unknown): Model | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { version, now, groups, aliases } = json as Partial<Record<keyof Model, unknown>>
  if (version !== MODEL_VERSION || typeof now !== 'number') return undefined
  if (!Array.isArray(groups) || !groups.every(isGroup)) return undefined
  if (!Array.isArray(aliases) || !aliases.every(isPair)) return undefined
  return { version, now, groups, aliases }
}

function isGroup(value: unknown): value is SavedGroup {
  if (typeof value !== 'object' || value === null) return false
  const { id, words, shown, seps, bornAt, usedAt } = value as Partial<Record<keyof SavedGroup, unknown>>
  return (
    typeof id === 'string' &&
    isTexts(words) &&
    isTexts(shown) &&
    isTexts(seps) &&
    shown.length === words.length &&
    seps.length === words.length + 1 &&
    Number.isFinite(bornAt) &&
    Number.isFinite(usedAt)
  )
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isPair(value: unknown): value is [string, string] {
  return isTexts(value) && value.length === 2
}
