import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_FOLDER } from '../program-folder.ts'
import { ANY_CASE } from './any-case-alphabet.ts'
import {
  type AnyCaseNeedle,
  byteSetsOf,
  measure,
  type PackedNeedles,
  symbolFor,
  unpackNeedles,
} from './byte-set.ts'
import { SAMPLED_BYTES } from './entered-needle.ts'
import { asWord, FAILURE_SHAPES, FAILURE_WORDS } from './failure-words.ts'
import { alternativesOf } from './regex-tree.ts'
import { requiredLiterals } from './required-literals.ts'

/** Written when the program is built: finding them out would delay every start. */
export const FAILURE_NEEDLES_FILE = join(PROGRAM_FOLDER, 'failure-needles.json')

let known: readonly AnyCaseNeedle[] | undefined

/**
 * What the prefilter searches for: a text without one of these is no failure, unless it begins as one or its words stand at
 * the border of a chunk. They follow from the words themselves, so none can be forgotten.
 */
export function failureNeedles(): readonly AnyCaseNeedle[] {
  known ??= existsSync(FAILURE_NEEDLES_FILE)
    ? unpackNeedles(JSON.parse(readFileSync(FAILURE_NEEDLES_FILE, 'utf8')) as PackedNeedles)
    : foundNeedles().map(byteSetsOf)
  return known
}

function foundNeedles(): string[] {
  const inWords = FAILURE_WORDS.flatMap(alternativesOf).flatMap((word) => needlesOf(asWord(word), 'i'))
  const inShapes = FAILURE_SHAPES.flatMap(({ source, flags }) =>
    alternativesOf(source).flatMap((shape) => needlesOf(shape, flags)),
  )
  return [...new Set([...inWords, ...inShapes])]
}

function needlesOf(expression: string, flags: string): string[] {
  const needles = requiredLiterals(expression, flags, ANY_CASE)
  if (needles === undefined) throw new Error(`nothing to search for in ${expression}`)
  return needles.map(lengthened)
}

/** What is one byte too short for the prefilter takes whatever precedes it. */
function lengthened(needle: string): string {
  return measure(needle).bytes < SAMPLED_BYTES ? symbolFor(() => true) + needle : needle
}
