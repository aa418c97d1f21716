import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Needles, requiredLiterals } from './needles.ts'
import { unsafeRepeat } from './regex-safety.ts'

/** What reading an expression tells of it. */
export type RegexFacts = {
  /** Why it may run away, if it may. */
  readonly unsafe?: string | undefined
  /** Literals of which any match has one. */
  readonly needles?: Needles | undefined
}

/** Facts of the shipped expressions, written when the program is built: parsing hundreds of them delays every start. */
export const FACTS_FILE = join(import.meta.dirname, 'regex-facts.json')

const computed = new Map<string, RegexFacts>()
let shipped: Readonly<Record<string, RegexFacts>> | undefined

/** Reads an expression, unless it was read before; throws what is wrong with its syntax. */
export function regexFacts(source: string, flags: string): RegexFacts {
  shipped ??= existsSync(FACTS_FILE)
    ? (JSON.parse(readFileSync(FACTS_FILE, 'utf8')) as Record<string, RegexFacts>)
    : {}
  const key = `${flags} ${source}`
  const facts = shipped[key] ??
    computed.get(key) ?? { unsafe: unsafeRepeat(source, flags), needles: requiredLiterals(source, flags) }
  computed.set(key, facts)
  return facts
}

/** Needles of the shipped rules by id, written when the program is built. */
export const NEEDLES_FILE = join(import.meta.dirname, 'rule-needles.json')
let needlesById: Readonly<Record<string, readonly string[]>> | undefined

/** What the build found a shipped rule to be searched by; only for a rule whose very text the build has read. */
export function shippedNeedles(id: string): readonly string[] | undefined {
  needlesById ??= existsSync(NEEDLES_FILE)
    ? (JSON.parse(readFileSync(NEEDLES_FILE, 'utf8')) as Record<string, readonly string[]>)
    : {}
  return needlesById[id]
}

/** All that was asked for in this run, for the file. */
export function knownFacts(): Readonly<Record<string, RegexFacts>> {
  return Object.fromEntries(computed)
}
