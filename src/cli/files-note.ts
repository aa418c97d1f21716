import { counted } from './counted.ts'

type Looked = {
  /** Files that were read. */
  readonly files: number
  /** Files that nothing tells to be logs. */
  readonly passedOver: number
  /** What could not be read: then nobody knows what is there. */
  readonly notRead: readonly unknown[]
}

/** What is said of files that were not read because nothing tells that they are logs; '' if there is nothing to say. */
export function filesNote({ files, passedOver, notRead }: Looked): string {
  const others = `${counted(passedOver, 'file')} passed over: not known as logs`
  if (files > 0 || notRead.length > 0) return passedOver > 0 ? `${others}\n` : ''
  return `No logs here${passedOver > 0 ? `; ${others}` : ''}. A file that is named itself is read.\n`
}
