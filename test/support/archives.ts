import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

/** A member of a bundle that a test makes; what is not said is as it should be. */
export type MadeMember = {
  readonly name: string | Buffer
  readonly content?: string | Buffer
  readonly mtime?: Date
  /** Type flag of tar: `0` file, `2` symbolic link, … */
  readonly type?: string
  readonly linkTo?: string
  /** What the header says instead of the truth. */
  readonly size?: number | Buffer
  readonly crc?: number
  /** Bits of a zip member: 1 is encrypted, 0x800 is UTF-8. */
  readonly flags?: number
  readonly method?: number
  /** File type and mode of a zip member, as Unix has it. */
  readonly mode?: number
}

const WRITTEN = new Date('2026-02-10T09:00:00Z')

/** The bytes of a tar file (ustar), with its end mark. */
export function tarOf(members: readonly MadeMember[]): Buffer {
  return Buffer.concat([...members.map(tarMember), Buffer.alloc(1024)])
}

/** A name that is too long for the header is written into one before it, as GNU tar does with `--format=pax`. */
export function tarMember(member: MadeMember): Buffer {
  const { name } = member
  if (Buffer.byteLength(name) <= 100) return header(member)
  const field = ` path=${name}\n`
  const size = Buffer.byteLength(field)
  const content = `${size + String(size + 3).length}${field}`
  return Buffer.concat([
    header({ name: 'PaxHeader', type: 'x', content }),
    header({ ...member, name: 'long' }),
  ])
}

function header(member: MadeMember): Buffer {
  const content = Buffer.from(member.content ?? '')
  const head = Buffer.alloc(512)
  Buffer.from(member.name).copy(head, 0, 0, 100)
  head.write('0000644\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  const size = member.size ?? content.length
  if (typeof size === 'number') head.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else size.copy(head, 124, 0, 12)
  const seconds = Math.floor((member.mtime ?? WRITTEN).getTime() / 1000)
  head.write(`${seconds.toString(8).padStart(11, '0')}\0`, 136)
  head.write(' '.repeat(8), 148)
  head.write(member.type ?? '0', 156)
  head.write(member.linkTo ?? '', 157)
  head.write('ustar\x0000', 257)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

export function tarGzOf(members: readonly MadeMember[]): Buffer {
  return gzipSync(tarOf(members))
}

/** The bytes of a zip file. */
export function zipOf(members: readonly MadeMember[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const member of members) {
    const { local, central } = zipMember(member, at)
    parts.push(local)
    directory.push(central)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, central, end])
}

function zipMember(member: MadeMember, at: number) {
  const name = Buffer.from(member.name)
  const content = Buffer.from(member.content ?? '')
  const method = member.method ?? 8
  const packed = method === 8 ? deflateRawSync(content) : content
  const { date, time } = dosTime(member.mtime ?? WRITTEN)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(member.flags ?? 0x800, 2)
  common.writeUInt16LE(method, 4)
  common.writeUInt16LE(time, 6)
  common.writeUInt16LE(date, 8)
  common.writeUInt32LE(member.crc ?? crc32(content), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(typeof member.size === 'number' ? member.size : content.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed])
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6)
  rest.writeUInt32LE(at, 10)
  const madeBy = Buffer.from([20, 3])
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common, rest, name])
  return { local, central }
}

/** In UTC, as the program takes it. */
function dosTime(when: Date): { readonly date: number; readonly time: number } {
  return {
    date: ((when.getUTCFullYear() - 1980) << 9) | ((when.getUTCMonth() + 1) << 5) | when.getUTCDate(),
    time: (when.getUTCHours() << 11) | (when.getUTCMinutes() << 5) | (when.getUTCSeconds() >> 1),
  }
}
