export type Encoding = 'utf8' | 'crlf' | 'utf16le'

/**
 * One happening of a story; `afterMs` counts from the step before. Files are paths below the root of the tree.
 * Text may hold time tokens such as `{{ms}}` (see stamp.ts): the player puts the time of writing there.
 */
export type Step =
  | {
      readonly kind: 'write'
      readonly afterMs: number
      readonly file: string
      /** Files that get the same bytes, as `tee -a` does. */
      readonly also: readonly string[]
      readonly text: string
      readonly encoding: Encoding
      /** The times in the text are spread over this long before the writing: logs that are copied when complete. */
      readonly overMs: number
    }
  | { readonly kind: 'rename' | 'copy'; readonly afterMs: number; readonly file: string; readonly to: string }
  | { readonly kind: 'remove'; readonly afterMs: number; readonly folder: string }

/** A step at its place on the story's axis: 0 is the start of the demo, what is before it is history. */
export type Moment = { readonly atMs: number; readonly pace: number; readonly step: Step }

type WriteOptions = {
  readonly also?: readonly string[]
  readonly encoding?: Encoding
  readonly overMs?: number
}

/** Appends whole lines. */
export function say(
  afterMs: number,
  file: string,
  lines: readonly string[],
  options: WriteOptions = {},
): Step {
  return part(afterMs, file, lines.map((line) => `${line}\n`).join(''), options)
}

/** Appends text as it is: without a newline at its end the line stays unfinished. */
export function part(afterMs: number, file: string, text: string, options: WriteOptions = {}): Step {
  const { also = [], encoding = 'utf8', overMs = 0 } = options
  return { kind: 'write', afterMs, file, also, text, encoding, overMs }
}

/** Renames a file, as rotation does. */
export function rename(afterMs: number, file: string, to: string): Step {
  return { kind: 'rename', afterMs, file, to }
}

/** Copies a file as it is now. */
export function copy(afterMs: number, file: string, to: string): Step {
  return { kind: 'copy', afterMs, file, to }
}

/** Removes a folder with all that is in it. */
export function remove(folder: string): Step {
  return { kind: 'remove', afterMs: 0, folder }
}

/** Places steps on the axis, each `pace` times as slow as written. */
export function moments(steps: readonly Step[], startMs: number, pace = 1): Moment[] {
  let atMs = startMs
  return steps.map((step, index) => {
    // Uneven milliseconds, where there is a delay at all: nothing in a log comes on the full second.
    atMs += step.afterMs === 0 ? 0 : step.afterMs * pace + ((index * 37) % 97)
    return { atMs, pace, step }
  })
}

/** A line of the bootstrap scripts of 24.10 and later. */
export function info(text: string): string {
  return `[{{ms}}] [INFO] ${text}`
}

/** A WARNING, ERROR or FATAL line of the bootstrap scripts, which goes to the file of its level too. */
export function complain(afterMs: number, file: string, level: string, text: string): Step {
  const copyFile = `${file.slice(0, file.lastIndexOf('/'))}/bootstrap_${level}.log`
  return say(afterMs, file, [`[{{ms}}] [${level}] ${text}`], { also: [copyFile] })
}
