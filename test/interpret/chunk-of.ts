import { type Classifier, createClassifier, type FileClassifier } from '../../src/interpret/classify.ts'
import { createPrefilter, type Prefilter } from '../../src/interpret/prefilter.ts'
import { compileRule, isEcho, type Rule } from '../../src/interpret/rule.ts'
import { AnyRule, type LineDefinition } from '../../src/interpret/rule-schema.ts'
import type { RecordChunk, RowVerdict } from '../../src/model.ts'

/** A chunk of the texts, one record each, with a newline after each. */
export function chunkOf(texts: readonly string[], source = 'generic', profile = 'host'): RecordChunk {
  const count = texts.length
  const begin = new Int32Array(count)
  const end = new Int32Array(count)
  const offset = new Float64Array(count)
  const length = new Float64Array(count)
  let at = 0
  for (const [row, text] of texts.entries()) {
    begin[row] = at
    end[row] = at + Buffer.byteLength(text)
    offset[row] = at
    length[row] = (end[row] ?? 0) + 1 - at
    at = (end[row] ?? 0) + 1
  }
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
  const identity = { cluster: '', owner: '', session: '', sessionUuid: '', host: '' }
  return {
    file: {
      identity,
      profile,
      source,
      format: 'plain',
      fileId: '0123456789abcdef',
      generation: 0,
      path: '/x.log',
      zone: 'UTC',
    },
    bytes,
    used: bytes.length,
    count,
    begin,
    end,
    offset,
    length,
    flags: new Uint8Array(count),
    before: '',
    mtimeMs: 0,
    memory: { ts: 0, tsQuality: 0, windows: {} },
  }
}

/** Search and classifier together, as they are used on the write path. */
export type Bench = {
  readonly prefilter: Prefilter
  readonly classifier: Classifier
  readonly base: number
}

/** Makes a search that looks for other needles too, so that the classifier's begin at `base`. */
export function benchOf(
  rules: readonly Rule[],
  others: readonly string[] = ['of others', 'not ours'],
): Bench {
  const classifier = createClassifier(rules)
  const prefilter = createPrefilter([...others, ...classifier.needles, ...others])
  return { prefilter, classifier, base: others.length }
}

/** Classifies the texts as one chunk of a file. */
export function classifyTexts(
  { prefilter, base }: Bench,
  file: FileClassifier,
  texts: readonly string[],
  level = 0,
): RowVerdict[] {
  const chunk = chunkOf(texts)
  const count = prefilter.scan(chunk.bytes, chunk.used)
  const { positions, needles } = prefilter
  const out: RowVerdict[] = []
  file.classify(chunk, { positions, needles, count, base }, readerOf(texts, level), out)
  return out
}

/** Rows of these texts that a benign rule knows, after `classifyTexts` on them. */
export function benignRows(file: FileClassifier, texts: readonly string[], level = 0): number[] {
  return [...texts.keys()].filter((row) => file.isBenign(row, readerOf(texts, level)))
}

/** Id of the general rule that this text is of, should no other rule know it. */
export function generalRule(file: FileClassifier, text: string, level = 0): string | undefined {
  return file.inGeneral(0, readerOf([text], level))?.ruleId
}

function readerOf(texts: readonly string[], level: number) {
  const text = (index: number) => texts[index] ?? ''
  return { text, level: () => level, isEcho: (index: number) => isEcho(text(index)) }
}

/** What a rule needs besides the parts a test is about. */
export const ORDINARY = {
  version: 1,
  status: 'stable',
  title: 'A title',
  severity: 'error',
  layer: 'product',
  phase: 'setup',
  explain: 'Because.',
  samples: { match: [{ line: 'not tried here' }], no_match: ['not tried here'] },
}

/** Compiles rules given by their distinctive parts only; their samples are not tried. */
export function rulesOf(parts: readonly Record<string, unknown>[]): Rule[] {
  return parts.map((part) => {
    const { rule, problems } = compileRule(
      AnyRule.parse({ ...ORDINARY, ...part }) as LineDefinition,
      new Map(),
    )
    if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'))
    return rule
  })
}
