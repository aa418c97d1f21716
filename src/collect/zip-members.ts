import { isUtf8 } from 'node:buffer'
import { readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { errorText } from '../errors.ts'
import { inflated } from './inflate.ts'
import { type Member, type MemberHead, memberTime, type Pick } from './member.ts'
import { PackedFault } from './packing.ts'
import { stored, toTempFile } from './unpack.ts'
import type { Unpacking } from './unpack-limits.ts'

const FLAG_UTF8 = 0x800
/** The signature of a directory entry. Source: the .ZIP File Format Specification (APPNOTE.TXT), 4.3.12. */
const ENTRY = 0x02014b50
const [STORED, DEFLATED] = [0, 8]
/** File types in the upper half of the attributes, as in Unix (stat.h). */
const [TYPE, FOLDER, REGULAR] = [0o170000, 0o040000, 0o100000]
const MADE_BY_UNIX = new Set([3, 19])

/**
 * Yields the wanted members of an open zip file, one after the other, each unpacked. Throws a fault if the rest of it cannot
 * be read. The only door to yauzl, which reads the directory; the content is unpacked like that of any file.
 */
export async function* zipMembers(fd: number, pick: Pick, unpacking: Unpacking): AsyncGenerator<Member> {
  try {
    // Names are decoded here, since yauzl stops at the first one that it does not like.
    const zip = await fromFdPromise(fd, { lazyEntries: true, decodeStrings: false, autoClose: false })
    for await (const entry of zip.eachEntry()) {
      const name = pick(headOf(entry))
      if (name !== undefined) yield await memberOf(zip, entry, { fd, name, unpacking })
    }
    if (isEntryAt(fd, Number(zip.readEntryCursor))) {
      throw new PackedFault('damaged', `it says that it holds ${zip.entryCount} files, and holds more`)
    }
  } catch (error) {
    if (error instanceof PackedFault) throw error
    throw new PackedFault('damaged', `not all of it is zip data: ${errorText(error)}`)
  }
}

/** Is there a directory entry at this place of the file? */
function isEntryAt(fd: number, place: number): boolean {
  const head = Buffer.alloc(4)
  return readSync(fd, head, 0, head.length, place) === head.length && head.readUInt32LE() === ENTRY
}

async function memberOf(
  zip: ZipFile,
  entry: Entry,
  { fd, name, unpacking }: { readonly fd: number; readonly name: string; readonly unpacking: Unpacking },
): Promise<Member> {
  const { fileDataStart: from } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  const range = { fd, from, to: from + entry.compressedSize }
  const bytes =
    entry.compressionMethod === STORED ? stored(range, unpacking) : inflated(range, 'deflate', unpacking)
  const { file, fault } = await toTempFile(checked(bytes, entry))
  return { name, fd: file.fd, size: file.size, mtimeMs: timeOf(entry), fault }
}

/** Passes the content on; throws a fault if it does not match the directory of the zip file. */
async function* checked(bytes: AsyncIterable<Buffer>, entry: Entry): AsyncGenerator<Buffer> {
  let [sum, size] = [0, 0]
  for await (const piece of bytes) {
    sum = crc32(piece, sum)
    size += piece.length
    yield piece
    if (size > entry.uncompressedSize) throw new PackedFault('damaged', 'it is larger than it says')
  }
  if (size < entry.uncompressedSize) throw new PackedFault('incomplete', 'it is smaller than it says')
  if (sum !== entry.crc32) throw new PackedFault('damaged', 'its checksum (CRC-32) does not match')
}

function headOf(entry: Entry): MemberHead {
  const name = nameOf(entry)
  const type = typeOf(entry)
  if (name.endsWith('/') || type === FOLDER) return { name, kind: 'folder' }
  const fault = faultOf(entry, type)
  return fault === undefined ? { name, kind: 'file' } : { name, kind: 'other', fault }
}

function faultOf(entry: Entry, type: number): PackedFault | undefined {
  const { compressionMethod: method } = entry
  if (type !== 0 && type !== REGULAR) {
    return new PackedFault('not-a-file', 'links, devices and the like are not read')
  }
  if (entry.isEncrypted()) return new PackedFault('encrypted', 'it needs a password')
  if (method === STORED || method === DEFLATED) return undefined
  return new PackedFault('unsupported', `its compression (method ${method}) is not known here`)
}

/** 0 if the zip file does not say. */
function typeOf({ versionMadeBy, externalFileAttributes }: Entry): number {
  return MADE_BY_UNIX.has(versionMadeBy >>> 8) ? (externalFileAttributes >>> 16) & TYPE : 0
}

/** Linux programs write UTF-8 without always marking it. Names that are not UTF-8 are in the DOS code page. */
function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  const flags = isUtf8(fileNameRaw) ? generalPurposeBitFlag | FLAG_UTF8 : generalPurposeBitFlag
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, false)
}

function timeOf(entry: Entry): number {
  return memberTime(entry.getLastModDate({ timezone: 'UTC' }))
}
