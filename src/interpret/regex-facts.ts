import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_FOLDER } from '../program-folder.ts'
import type { Needles } from './needles.ts'
import { unsafeRepeat } from './regex-safety.ts'
import { requiredLiterals } from './required-literals.ts'

/** What is known about an expression after reading it. */
export type RegexFacts = {
  /** Why its run time may explode, if it may. */
  readonly unsafe?: string | undefined
  /** Literals of which every match contains one. */
  readonly needles?: Needles | undefined
}

/** Facts about the shipped expressions, written when the program is built: parsing hundreds of them would delay every start. */
export const FACTS_FILE = join(PROGRAM_FOLDER, 'regex-facts.json')

const computed = new Map<string, RegexFacts>()
let shipped: Readonly<Record<string, RegexFacts>> | undefined

/** Reads an expression, unless its facts are known already; throws on a syntax error. */
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
export const NEEDLES_FILE = join(PROGRAM_FOLDER, 'rule-needles.json')
let needlesById: Readonly<Record<string, readonly string[]>> | undefined

/** The needles that the build found for a shipped rule; only for a rule with exactly the text that the build has read. */
export function shippedNeedles(id: string): readonly string[] | undefined {
  needlesById ??= existsSync(NEEDLES_FILE)
    ? (JSON.parse(readFileSync(NEEDLES_FILE, 'utf8')) as Record<string, readonly string[]>)
    : {}
  return needlesById[id]
}

/** All facts that were asked for in this run, to be written to the file. */
export function knownFacts(): Readonly<Record<string, RegexFacts>> {
  return Object.fromEntries(computed)
}
