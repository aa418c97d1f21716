import {
  accessSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../errors.ts'
import { PackedFault } from './packing.ts'

/** Unpacked bytes in a file without a name, which is gone when its descriptor is closed, even by a crash. */
export type TempFile = {
  readonly fd: number
  /** Bytes written so far. */
  readonly size: number
  write(bytes: Buffer): void
  close(): void
}

/** Makes an empty file in a folder that only this user can enter; both names are removed before it returns. */
export function tempFile(): TempFile {
  const folder = tempFolder()
  const fd = withSpace(folder, () => openUnnamed(folder))
  let size = 0
  return {
    fd,
    get size() {
      return size
    },
    write(bytes) {
      withSpace(folder, () => {
        for (let at = 0; at < bytes.length; ) {
          const written = writeSync(fd, bytes, at, bytes.length - at, size)
          at += written
          size += written
        }
      })
    },
    close: () => closeSync(fd),
  }
}

function openUnnamed(parent: string): number {
  const folder = mkdtempSync(join(parent, 'dcvlens-'))
  try {
    const path = join(folder, 'unpacked')
    const fd = openSync(path, 'wx+', 0o600)
    unlinkSync(path)
    return fd
  } finally {
    rmdirSync(folder)
  }
}

/** Not /tmp unless configured: it may be in memory. */
function tempFolder(): string {
  const asked = tmpdir()
  if (asked !== '/tmp') return asked
  try {
    accessSync('/var/tmp', constants.W_OK)
    return '/var/tmp'
  } catch {
    return asked
  }
}

function withSpace<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    throw new PackedFault('no-space', `${folder} cannot hold it (${code}); TMPDIR may name another folder`)
  }
}
