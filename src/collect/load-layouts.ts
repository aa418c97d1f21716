import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../errors.ts'
import { type Fault, faultText, parseYaml, textOrFault, yamlFilesIn } from '../yaml-file.ts'
import { type LayoutSet, layoutSet } from './layout.ts'
import type { Layout, Location } from './layout-match.ts'
import { expandAlternatives, parsePattern } from './layout-pattern.ts'

const Id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be kebab-case')
const Paths = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

const LayoutFile = z.strictObject({
  id: Id,
  title: z.string().min(1),
  profile: Id,
  /**
   * First version of the generation: if several generations match a path equally, the newest wins. Absent means older than
   * all.
   */
  since: z
    .string()
    .regex(/^\d+(?:\.\d+)*$/, 'must be a version in quotes')
    .optional(),
  /** Short names of folders, used as `$name` at the beginning of a path. */
  folders: z.record(Id, Paths).optional(),
  /** Folders (or files) of other programs: a file below one is known by its whole path or not at all. */
  never: z.array(z.string().min(1)).optional(),
  sources: z
    .array(
      z.strictObject({
        source: Id,
        format: Id,
        path: Paths,
        /** The minimum number of segments at the end of the path that must match; 1 is the file name alone. */
        tail: z.int().min(1).optional(),
      }),
    )
    .min(1),
})
type LayoutFile = z.infer<typeof LayoutFile>

type FaultOf = (path: readonly PropertyKey[], message: string) => void

/** Reads `layouts/*.yaml` of all rule folders; reports all faults in one error. */
export function loadLayouts(dirs: readonly string[]): LayoutSet {
  const faults: Fault[] = []
  const layouts: Layout[] = []
  const seen = new Map<string, string>()
  for (const file of dirs.flatMap(layoutFiles)) {
    const text = textOrFault(file, faults)
    if (text === undefined) continue
    const parsed = parseYaml(file, text, LayoutFile)
    if (!parsed.ok) {
      faults.push(...parsed.faults)
      continue
    }
    const { value } = parsed
    const faultOf: FaultOf = (path, message) => {
      faults.push({ ...parsed.place(path), message: `${path.join('.')}: ${message}` })
    }
    const other = seen.get(value.id)
    if (other !== undefined) faultOf(['id'], `'${value.id}' is the id of ${other} too`)
    seen.set(value.id, file)
    layouts.push(compile(value, faultOf))
  }
  if (faults.length === 0) return layoutSet(layouts)
  const text = [...new Set(faults.map(faultText))].join('\n')
  throw usageError('E_LAYOUTS', text, 'Correct the layouts named above; none of the set was loaded.')
}

function compile(file: LayoutFile, faultOf: FaultOf): Layout {
  const folders = file.folders ?? {}
  const locations: Location[] = []
  file.sources.forEach(({ source, format, path, tail = 1 }, i) => {
    for (const [text, at] of listed(path, ['sources', i, 'path'])) {
      for (const full of writtenOut(text, folders, (message) => faultOf(at, message))) {
        const parsed = parsePattern(full)
        if (!parsed.ok) faultOf(at, parsed.message)
        else if (tail === 1 && isVague(full))
          faultOf(at, 'this file name alone says too little: give a tail of 2 or more')
        else locations.push({ source, format, tail, pattern: parsed.pattern })
      }
    }
  })
  const never = (file.never ?? []).flatMap((text, i) =>
    writtenOut(text, folders, (message) => faultOf(['never', i], message)).flatMap((full) => {
      const parsed = parsePattern(full)
      if (!parsed.ok) faultOf(['never', i], parsed.message)
      return parsed.ok ? [parsed.pattern] : []
    }),
  )
  return {
    id: file.id,
    profile: file.profile,
    since: (file.since ?? '0').split('.').map(Number),
    locations,
    never,
  }
}

/** A path with its `$folder` and its alternatives expanded. */
function writtenOut(
  text: string,
  folders: Readonly<Record<string, string | string[]>>,
  fault: (message: string) => void,
): readonly string[] {
  const named = /^\$([^/]*)(.*)$/s.exec(text)
  const name = named?.[1] ?? ''
  const bases = named === null ? '' : Object.hasOwn(folders, name) ? folders[name] : undefined
  if (bases === undefined) {
    fault(`there is no $${name} among the folders`)
    return []
  }
  const rest = named === null ? text : (named[2] ?? '')
  return [bases].flat().flatMap((base) => {
    const expanded = expandAlternatives(base + rest)
    if (typeof expanded !== 'string') return expanded
    fault(expanded)
    return []
  })
}

function listed(path: string | string[], at: PropertyKey[]): [string, PropertyKey[]][] {
  return typeof path === 'string' ? [[path, at]] : path.map((text, i) => [text, [...at, i]])
}

/** A name of wildcards with hardly a fixed letter would claim files of other programs. */
function isVague(path: string): boolean {
  const name = basename(path)
  return /[{*#]/.test(name) && name.replace(/\.log$|\{[^}]*\}|[^a-zA-Z]/g, '').length < 3
}

function layoutFiles(dir: string): string[] {
  if (!existsSync(dir)) {
    throw usageError(
      'E_LAYOUTS',
      `${dir}: no such directory of rules`,
      'Give the folder that holds `layouts`.',
    )
  }
  return yamlFilesIn(join(dir, 'layouts'))
}
