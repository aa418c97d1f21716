import { escapeGlob, type PathPattern, type Segment } from './layout-pattern.ts'
import { UNSUPPORTED_ENDS } from './packing.ts'

export type GlobOptions = {
  /** Include rotated names; true by default. */
  readonly rotated?: boolean
  /** Include compressed files and bundles, also in formats that cannot be read; false by default. */
  readonly gz?: boolean
}

const ROTATION_GLOB = '?([.-][0-9]*([0-9._-])?(.backup)|.old)'

const PACKED_GLOB = `?(${['.gz', ...UNSUPPORTED_ENDS].join('|')})`
/** Bundles in other places, such as a home, are none of our business. */
const LOG_FOLDER = /\/logs?(?:\/|$)/i
const BUNDLE_GLOB = '*.@(tar|tgz|tar.gz|zip)'

/** Makes one glob per folder, with all its file names. Locations that are found only by the end of a path have none. */
export function globsOf(
  patterns: readonly PathPattern[],
  root: string,
  { rotated = true, gz = false }: GlobOptions,
): string[] {
  const suffix = (rotated ? ROTATION_GLOB : '') + (gz ? PACKED_GLOB : '')
  const names = new Map<string, Set<string>>()
  for (const { absolute, segments } of patterns) {
    if (!absolute) continue
    const globs = segments.map(segmentGlob)
    const folder = [escapeGlob(root), ...globs.slice(0, -1)].join('/')
    names.set(folder, (names.get(folder) ?? new Set()).add(globs.at(-1) ?? ''))
  }
  if (gz) for (const [folder, files] of names) if (LOG_FOLDER.test(folder)) files.add(BUNDLE_GLOB)
  return [...names].map(([folder, files]) =>
    files.size === 1
      ? `${folder}/${[...files][0]}${suffix}`
      : `${folder}/@(${[...files].join('|')})${suffix}`,
  )
}

/** The folders of the patterns, up to the first variable part. */
export function basesOf(patterns: readonly PathPattern[], root: string): string[] {
  const bases = new Set<string>()
  for (const { absolute, segments } of patterns) {
    if (!absolute) continue
    const folders = segments.slice(0, -1)
    const open = folders.findIndex((segment) => segment.kind !== 'literal')
    const fixed = open < 0 ? folders : folders.slice(0, open)
    bases.add(
      [root, ...fixed.map((segment) => (segment.kind === 'literal' ? segment.text : ''))].join('/') || '/',
    )
  }
  return [...bases].sort()
}

/** The segment in the syntax of fast-glob. */
function segmentGlob(segment: Segment): string {
  if (segment.kind === 'literal') return escapeGlob(segment.text)
  if (segment.kind === 'folders') return '**'
  return segment.kind === 'mixed' ? segment.glob : '*'
}
