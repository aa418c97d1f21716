import { closeSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { Framing, Loss, Placement, SourceFile } from '../model.ts'
import type { Checkpoint, PackedLook } from './checkpoint.ts'
import { Feed, type FeedSource } from './feed.ts'
import { firstLine } from './fingerprint.ts'
import { type Identified, type IdentifyOptions, identify } from './identify.ts'
import type { KnownFiles } from './known-files.ts'
import { BEFORE_BYTES } from './open-end.ts'
import { type OpenFile, openRegular, type Refused, readAt } from './open-file.ts'
import { Reader, type ReaderLimits } from './reader.ts'
import type { Workspace } from './workspace.ts'

/** What a path says according to the layouts; `base` is the path without a rotation suffix. */
export type Place = {
  readonly placement: Placement
  readonly path: string
  readonly base: string
  /** The machine that has it, if its path names none. */
  readonly machine?: string
}

/** What opening a file needs from outside. */
export type FeedContext = {
  readonly known: KnownFiles
  readonly framingOf: (format: string) => Framing
  readonly zoneOf: (source: string) => string
  /** The machine that a line of this format names; '' if none, undefined if lines of this format never do. */
  readonly hostOf: (format: string, line: () => Buffer) => string | undefined
  readonly limits: ReaderLimits
  readonly workspace: Workspace
  /** Aborts unpacking. */
  readonly signal?: AbortSignal
}

/** Why there is nothing to read at a path now. */
export type NotOpened =
  | Refused
  | { readonly refused: 'waiting' | 'copy' | 'stored' | 'taken'; readonly detail: string }

export type OpenOptions = Omit<IdentifyOptions, 'known'> & {
  /** The file at the path, if it was opened before. */
  readonly opened?: OpenFile | undefined
  /** Is this file already followed under another inode, or its packed copy being read? */
  readonly isFollowed?: (checkpoint: Checkpoint) => boolean
}

/** For files that are read to their ends now, one after the other. */
export const READ_NOW: OpenOptions = { settle: true, settleCopy: true, openNow: () => undefined }

/** Opens a path, identifies the file, and continues from its checkpoint. Does nothing if the file is followed already. */
export function openFeed(
  path: string,
  place: Place,
  options: OpenOptions,
  context: FeedContext,
): Feed | NotOpened {
  const opened = options.opened ?? openRegular(path)
  if ('refused' in opened) return opened
  const refuse = <Reason extends string>(refused: Reason, detail: string) => {
    closeSync(opened.fd)
    return { refused, detail }
  }
  const taken = 'it is open already'
  if (options.openNow(opened.stat) !== undefined) return refuse('taken', taken)
  try {
    const who = identify(
      opened,
      path,
      { ...place, isRotated: place.base !== place.path },
      { ...options, known: context.known },
    )
    if (who.kind === 'waiting') return refuse('waiting', 'its first line is not whole yet')
    if (who.kind === 'copy') return refuse('copy', `its bytes are those of ${who.of}`)
    if (who.kind === 'stored') return refuse('stored', 'it is a copy of what is stored')
    if (who.kind !== 'new' && options.isFollowed?.(who.checkpoint) === true) return refuse('taken', taken)
    return startFeed({ path, place }, opened, who, context)
  } catch (error) {
    const refused = refuse('unreadable', errorCode(error))
    if (refused.detail === '') throw error
    return refused
  }
}

/**
 * Identifies an open file again after its bytes turned out to differ from those read before. The descriptor passes to the
 * returned feed. Undefined if the file cannot be identified.
 */
export function openAgain(feed: Feed, context: FeedContext): Feed | undefined {
  const { fd, path, place } = feed
  feed.leave(context.known)
  const stat = feed.restat()
  if (stat === undefined) return undefined
  const who = identify(
    { fd, stat },
    path,
    { ...place, isRotated: false },
    { ...READ_NOW, known: context.known },
  )
  const isSame = who.kind === 'known' || who.kind === 'truncated'
  return isSame ? startFeed({ path, place }, { fd, stat }, who, context) : undefined
}

/** Makes the feed of an open file that is identified, and notes in `known` how far it is read. */
export function startFeed(
  { path, place }: { readonly path: string; readonly place: Place },
  source: FeedSource,
  who: Exclude<Identified, { kind: 'waiting' | 'copy' | 'stored' }>,
  context: FeedContext,
): Feed {
  const { placement } = place
  const { fd, packed } = source
  const before = who.kind === 'new' ? undefined : who.checkpoint
  const known = who.kind === 'known' ? who.checkpoint : undefined
  const file: SourceFile = {
    ...placement,
    ...machineOf(placement, fd, context),
    fileId: who.kind === 'new' ? who.fileId : who.checkpoint.fileId,
    generation: who.kind === 'known' ? who.checkpoint.generation : who.generation,
    path: before?.path ?? place.path,
    zone: context.zoneOf(placement.source),
  }
  const reader = new Reader(
    file,
    context.framingOf(placement.format),
    {
      ...(known?.reader ?? { offset: 0 }),
      memory: known === undefined ? { ts: 0, tsQuality: 0, windows: {} } : { ...known.memory },
      before: known === undefined ? '' : openText(fd, known),
      head: readAt(fd, 0, known?.prefix.length ?? 0),
      guard: known === undefined ? Buffer.alloc(0) : guardBytes(fd, known),
    },
    context,
  )
  const losses: Loss[] = who.kind === 'truncated' ? [truncation(file, who.checkpoint)] : []
  if (packed?.fault !== undefined && packed.bytes > reader.position) losses.push(cutOff(file, packed))
  const first = { path: before?.firstPath ?? path, base: before?.base ?? place.base }
  const isNews = packed !== undefined && before?.packed?.look !== packed.look
  const feed = new Feed(source, reader, { path, place, first, losses, isNews })
  context.known.note(feed.checkpoint())
  return feed
}

/** If the path names no machine, the lines may; the file is that of the first one. */
function machineOf(
  { identity, format }: Placement,
  fd: number,
  { hostOf }: FeedContext,
): Pick<SourceFile, 'identity' | 'namesHosts'> {
  if (identity.host !== '') return { identity }
  const host = hostOf(format, () => firstLine(fd) ?? Buffer.alloc(0))
  if (host === undefined) return { identity }
  return { identity: host === '' ? identity : { ...identity, host }, namesHosts: true }
}

function guardBytes(fd: number, checkpoint: Checkpoint): Buffer {
  const { length } = checkpoint.guard
  return readAt(fd, checkpoint.reader.offset - length, length)
}

/** The text that an open record continues, read back from the file, since it is kept nowhere else. */
function openText(fd: number, checkpoint: Checkpoint): string {
  const { open, openFrom, offset, encoding } = checkpoint.reader
  if (open === undefined || openFrom === undefined) return ''
  const from = Math.max(openFrom, offset - BEFORE_BYTES)
  const bytes = readAt(fd, from, offset - from)
  if (encoding === 'utf-16be') bytes.subarray(0, bytes.length & ~1).swap16()
  return bytes.toString(encoding === 'utf-8' || encoding === undefined ? 'utf8' : 'utf16le')
}

function truncation(file: SourceFile, checkpoint: Checkpoint): Loss {
  return {
    file,
    reason: 'truncated',
    offset: 0,
    length: 0,
    detail: `cut or written anew in place after ${checkpoint.reader.offset} bytes were stored; what was written after them and before the cut is not in it any more. It is read from the copy where one was kept (copytruncate), and lost otherwise`,
  }
}

/** The rest of a packed file cannot be unpacked; how much that is, nobody knows. */
function cutOff(file: SourceFile, { bytes, fault }: PackedLook): Loss {
  return {
    file,
    reason: 'unreadable',
    offset: bytes,
    length: 0,
    detail: `${fault?.reason}: ${fault?.detail}`,
  }
}
