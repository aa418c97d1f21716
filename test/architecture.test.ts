import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '..', 'src')
const STAGES = ['collect', 'interpret', 'store', 'triage', 'web', 'cli', 'demo']
const LEAVES = [
  'build-values.ts',
  'bytes-text.ts',
  'clock.ts',
  'config.ts',
  'data-dir.ts',
  'duration.ts',
  'errors.ts',
  'event-json.ts',
  'heap.ts',
  'log.ts',
  'main.ts',
  'model.ts',
  'pipeline.ts',
  'plain-words.ts',
  'product-versions.ts',
  'program-folder.ts',
  'schema-faults.ts',
  'severity.ts',
  'yaml-file.ts',
]

/** What a folder may import besides itself and the leaves. Who is not named here may import every stage. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  collect: [],
  interpret: [],
  store: [],
  demo: [],
  triage: ['store', 'interpret'],
  web: ['store', 'interpret', 'triage'],
}

/** Leaves that stand above the stages. */
const WIRING = new Set(['main.ts', 'pipeline.ts', 'product-versions.ts', 'build-values.ts'])

/** Packages that are a language of their own: for input that is checked, and for what a page shows. */
const EVERYWHERE = new Set(['zod', 'preact'])

/** Doors to time: everything else gets it as an argument. */
const MAY_ASK_TIME = new Set(['clock.ts', 'web/ui/clock.ts'])

type Import = { readonly file: string; readonly line: number; readonly target: string }

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .sort()

function linesOf(file: string): string[] {
  return readFileSync(join(SRC, file), 'utf8').split('\n')
}

const imports: Import[] = files.flatMap((file) =>
  linesOf(file).flatMap((text, i) => {
    const target =
      /(?:^|\s)(?:from|import\()\s*'([^']+)'/.exec(text)?.[1] ?? /^import '([^']+)'/.exec(text)?.[1]
    return target === undefined ? [] : [{ file, line: i + 1, target }]
  }),
)

/** The folder of src (or the leaf) that a relative import leads to. */
function stageOf({ file, target }: Import): string {
  return join(file, '..', target).split('/')[0] ?? ''
}

function matches(pattern: RegExp, except: (file: string) => boolean = () => false): string[] {
  return files
    .filter((file) => !except(file))
    .flatMap((file) =>
      linesOf(file).flatMap((text, i) =>
        pattern.test(text) ? [`src/${file}:${i + 1}: ${text.trim()}`] : [],
      ),
    )
}

describe('the source', () => {
  it('is the architecture: stages and leaves, nothing else', () => {
    expect(readdirSync(SRC).sort()).toEqual([...STAGES, ...LEAVES].sort())
  })

  it('keeps the stages apart', () => {
    const wrong = imports.filter((one) => {
      const from = one.file.includes('/') ? (one.file.split('/')[0] ?? '') : one.file
      if (!one.target.startsWith('.') || WIRING.has(from) || from === 'cli') return false
      const to = stageOf(one)
      return STAGES.includes(to) && to !== from && !(ALLOWED[from] ?? []).includes(to)
    })
    expect(wrong.map(({ file, line, target }) => `src/${file}:${line} imports ${target}`)).toEqual([])
  })

  it('lets each package in by one door', () => {
    const doors = new Map<string, Set<string>>()
    for (const { file, target } of imports) {
      if (target.startsWith('.') || target.startsWith('node:')) continue
      const name = target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/')
      doors.set(name, (doors.get(name) ?? new Set()).add(file))
    }
    const wide = [...doors].filter(([name, users]) => users.size > 1 && !EVERYWHERE.has(name))
    expect(wide.map(([name, users]) => `${name} is imported by ${[...users].join(' and ')}`)).toEqual([])
  })

  it('asks nobody but the clock for the time', () => {
    expect(
      matches(/\bDate\.now\(|\b(?<!socket\.)setTimeout\(|\bsetInterval\(/, (file) => MAY_ASK_TIME.has(file)),
    ).toEqual([])
  })

  it('exits and listens to signals in main only', () => {
    expect(matches(/\bprocess\.(?:exit|on)\b/, (file) => file === 'main.ts')).toEqual([])
  })

  it('sizes the heap of each process before anything else is loaded', () => {
    const processes = files.filter((file) => matches(/^#!|'disconnect'/, (one) => one !== file).length > 0)
    expect(processes).toContain('main.ts')
    expect(processes.length).toBeGreaterThan(2)
    const firsts = processes.map((file) => imports.find((one) => one.file === file)?.target)
    expect(new Set(firsts)).toEqual(new Set(['./heap.ts', '../heap.ts']))
  })

  it('has no check switched off', () => {
    expect(
      matches(
        /(?::|\bas) any(?:[\s;,)\]>|]*$|[;,)\]>|])|@ts-(?:ignore|expect-error)|biome-ignore|oxlint-disable|\bconsole\./,
      ),
    ).toEqual([])
  })

  it('is written in files that one can read at once', () => {
    const long = files.map((file) => [file, linesOf(file).length] as const).filter(([, lines]) => lines > 200)
    expect(long).toEqual([])
  })
})
