import { appendFile, copyFile, mkdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Span, stamped } from './stamp.ts'
import type { Encoding, Step } from './step.ts'

const BOM = Buffer.from([0xff, 0xfe])

export type Writer = {
  /** Does one step in the tree. */
  apply(step: Step, span: Span): Promise<void>
  /** Sets the modification time of every file so far to the time of its last line. */
  backdate(): Promise<void>
}

/** Writes steps below a root, always by appending. */
export function createWriter(root: string): Writer {
  /** Last time in each file: times in one file never go back. */
  const lastMs = new Map<string, number>()

  const append = async (file: string, text: string, encoding: Encoding): Promise<void> => {
    const path = join(root, file)
    await mkdir(dirname(path), { recursive: true })
    await appendFile(path, await encoded(path, text, encoding))
  }

  const write = async (step: Extract<Step, { kind: 'write' }>, span: Span): Promise<void> => {
    const floorMs = lastMs.get(step.file) ?? 0
    const toMs = Math.max(span.toMs, floorMs)
    const bounded = { fromMs: Math.min(toMs, Math.max(span.fromMs, floorMs)), toMs }
    const text = stamped(step.text, bounded)
    for (const file of [step.file, ...step.also]) {
      const path = stamped(file, { fromMs: toMs, toMs })
      await append(path, text, step.encoding)
      lastMs.set(path, toMs)
    }
  }

  const move = async (step: Extract<Step, { kind: 'rename' | 'copy' }>, span: Span): Promise<void> => {
    const to = stamped(step.to, { fromMs: span.toMs, toMs: span.toMs })
    await mkdir(dirname(join(root, to)), { recursive: true })
    await (step.kind === 'rename' ? rename : copyFile)(join(root, step.file), join(root, to))
    const timeMs = lastMs.get(step.file)
    lastMs.set(to, timeMs ?? span.toMs)
    if (step.kind === 'rename') lastMs.delete(step.file)
  }

  const remove = async (folder: string): Promise<void> => {
    await rm(join(root, folder), { recursive: true, force: true })
    for (const file of lastMs.keys()) if (file.startsWith(`${folder}/`)) lastMs.delete(file)
  }

  return {
    apply: (step, span) => {
      if (step.kind === 'write') return write(step, span)
      return step.kind === 'remove' ? remove(step.folder) : move(step, span)
    },
    backdate: async () => {
      for (const [file, timeMs] of lastMs) {
        const time = new Date(timeMs)
        await utimes(join(root, file), time, time)
      }
    },
  }
}

async function encoded(path: string, text: string, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'utf8') return Buffer.from(text)
  const lines = text.replaceAll('\n', '\r\n')
  if (encoding === 'crlf') return Buffer.from(lines)
  const bytes = Buffer.from(lines, 'utf16le')
  const found = await stat(path).catch(() => undefined)
  return found === undefined || found.size === 0 ? Buffer.concat([BOM, bytes]) : bytes
}
