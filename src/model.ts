/**
 * The nouns of the write path, as readonly data. A line travels as columns over a chunk of bytes,
 * not as an object per line: the objects below live per file or per chunk; only events are per line.
 */

/** Who a file belongs to, read from the named parts of its path. Unknown parts are ''. */
export type Identity = {
  readonly cluster: string
  readonly owner: string
  readonly session: string
  readonly sessionUuid: string
  readonly host: string
}

/** What a layout says about one file: its kind (`source`), its product generation and its format. */
export type Placement = {
  readonly identity: Identity
  readonly profile: string
  readonly source: string
  readonly format: string
}

/** One watched file, as every later stage knows it. */
export type SourceFile = Placement & {
  /** 16 hex digits, fixed when the file is first seen. */
  readonly fileId: string
  /** Counts truncations and replacements of one fileId, from 0. */
  readonly generation: number
  /** The path when first seen, with the root cut off. */
  readonly path: string
  /** IANA zone of its local times. */
  readonly zone: string
  /** Its path names no machine, but its lines may, and not all the same. */
  readonly namesHosts?: boolean
}

/** Bits of `RecordChunk.flags`. */
export const RecordFlag = {
  /** Follows a record that was flushed by time: readers join it to the row before. */
  continued: 1,
  /** Longer than the limit: `length` is whole, the text is cut. */
  cut: 2,
  /** Has more than one line of text. */
  multiline: 4,
} as const

/**
 * Records of one file, side by side in `bytes` (always UTF-8 or raw 8-bit, whatever the file holds).
 * Arrays are valid up to `count` and only until the next chunk is asked for: they are reused.
 */
export type RecordChunk = {
  readonly file: SourceFile
  readonly bytes: Buffer
  /** `bytes` is in use up to here; records lie in ascending order below it. */
  readonly used: number
  readonly count: number
  /** Text of record i: bytes[begin[i], end[i]), without its last newline and trailing blank lines. */
  readonly begin: Int32Array
  readonly end: Int32Array
  /** Where record i lies in the file: offset[i] + length[i] = offset[i + 1]; in bytes of the file. */
  readonly offset: Float64Array
  readonly length: Float64Array
  readonly flags: Uint8Array
  /**
   * Text of the unfinished record that record 0 continues, '' otherwise: a secret cut by a flush is
   * recognised by what came before it.
   */
  readonly before: string
  /** Modification time of the file, ms since the epoch. */
  readonly mtimeMs: number
  /** Wall clock at which the bytes were read, ms; absent when they were there before we watched. */
  readonly observedMs?: number
  /** What `interpret` must remember of this file; read and written by it, kept in the checkpoint. */
  readonly memory: FileMemory
}

/**
 * What the meaning of a record may depend on, of the records before it in the same file. Plain JSON; a value in it is replaced
 * and never changed, so that copies share it.
 */
export type FileMemory = {
  /** Last time a record of this file had: microseconds UTC, and its index in TS_QUALITIES (0: none yet). */
  ts: number
  tsQuality: number
  /** Open `after` windows of rules: rule id → records left. */
  windows: Readonly<Record<string, number>>
  /** The machine of its last line, if that is not the one of the file. */
  host?: string
  /** Commands of a trace in its last lines that read a password, a line for each: what they read may follow. */
  reads?: string
  /** Its last line is within a private key, of which so many lines more may show nothing. */
  inKey?: number
  /** Its last line is within a secret that a quote has opened, which may close in so many lines more. */
  inQuote?: { readonly quote: string; readonly lines: number }
  /** Its last lines, the first of which names a secret whose value may stand in so many lines more. */
  leads?: { readonly text: string; readonly lines: number }
}

/** How a file's lines make records; compiled from a format by `interpret`, used by `collect`. */
export type Framing = {
  /** Does a record start with this line [at, end)? */
  readonly startsRecord: (bytes: Buffer, at: number, end: number) => boolean
  /** What a line that starts no record is: part of the record before, or a record of its own. */
  readonly strays: 'join' | 'own'
  /** Names of the multi-line shapes that may occur: traceback, json, powershell, quote, pem. */
  readonly blocks: readonly string[]
}

export type Level = 'debug' | 'info' | 'warn' | 'error' | 'fatal'
/** Level by its code in column arrays; 0 is unknown. */
export const LEVELS = ['', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** How a time was had, by its code in column arrays and in the store. */
export const TS_QUALITIES = ['', 'parsed', 'inherited', 'observed', 'mtime'] as const

/** From the least to the worst. */
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]
export type EventKind = 'signature' | 'milestone' | 'unknown'
export type Layer = 'product' | 'environment' | 'dcv' | 'driver' | 'user'
export type Phase =
  | 'launch'
  | 'user-data'
  | 'mount'
  | 'setup'
  | 'identity'
  | 'reboot'
  | 'gpu'
  | 'dcv-install'
  | 'session'
  | 'load-balancer'
  | 'connect'

/** What a rule (or the search for unexplained failures) says about one record of a chunk. */
export type Verdict = {
  readonly kind: EventKind
  readonly ruleId: string
  readonly ruleVersion: number
  readonly severity: Severity
  readonly phase: Phase | ''
  readonly layer: Layer | ''
  readonly captures: Readonly<Record<string, string>>
  /** The id of the message's template; only if no rule, or only a general one, matches. */
  readonly templateId?: string
}

/** A verdict and the record it is about: `row` is the record's index in its chunk. */
export type RowVerdict = Verdict & { readonly row: number }

/** A chunk after `interpret`: the columns that the store adds to those of its records. */
export type InterpretedChunk = {
  readonly records: RecordChunk
  /** The file of each record, if they are of several machines; `records.file` is that of all otherwise. */
  readonly files?: readonly SourceFile[] | undefined
  /** Microseconds since the epoch, UTC. */
  readonly ts: Float64Array
  /** Index into TS_QUALITIES. */
  readonly tsQuality: Uint8Array
  /** Index into LEVELS. */
  readonly level: Uint8Array
  /** Index into `components`; 0 is ''. */
  readonly component: Uint16Array
  readonly components: readonly string[]
  /** Message of record i: bytes[textBegin[i], textEnd[i]), unless `replaced` has it. */
  readonly textBegin: Int32Array
  readonly textEnd: Int32Array
  /** Messages that are not a slice of the bytes: redacted, cleaned or repaired. */
  readonly replaced: ReadonlyMap<number, string>
  readonly verdicts: readonly RowVerdict[]
  /** Records that are stored, but not whole: cut or with bytes that are no text. */
  readonly losses: readonly Loss[]
}

/** Why bytes of a file are not in `lines`, or not whole. The list is closed. */
export const LOSS_REASONS = [
  'truncated',
  'vanished',
  'unreadable',
  'not-a-file',
  'nul-hole',
  'over-long',
  'invalid-bytes',
  'replaced',
  'refused',
] as const
export type LossReason = (typeof LOSS_REASONS)[number]

/** One entry of the loss ledger; a skipped range counts in the tiling of its file. */
export type Loss = {
  readonly file: SourceFile
  readonly reason: LossReason
  readonly offset: number
  /** Bytes missing from `lines`; 0 where they are there but altered (cut, repaired). */
  readonly length: number
  readonly detail: string
}
