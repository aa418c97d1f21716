import '../heap.ts'
import type { NamedPaths } from '../collect/discover-named.ts'
import { forgetfulFiles } from '../collect/file-index.ts'
import { FilesTally } from '../collect/files-tally.ts'
import type { NamedReport, Order } from '../collect/isolated/messages.ts'
import { answerNamedOrders, type NamedReading } from '../collect/isolated/named-process.ts'
import { readNamed } from '../collect/read-named.ts'
import type { Config } from '../config.ts'
import { lineToParent } from './line-to-parent.ts'
import { loadReading } from './reading.ts'

/** What the process that reads named files of one network file system needs to know. */
export type NamedSettings = { readonly config: Config; readonly named: NamedPaths }

/** This module runs as that process; it stores nothing and may be killed at any time. */
const stop = new AbortController()
process.addListener('disconnect', () => stop.abort())
// The command decides when to stop; a key pressed at the terminal reaches this process, too.
process.addListener('SIGINT', () => {})
answerNamedOrders(lineToParent<NamedReport, Order<NamedSettings>>(), begin)

function begin({ settings, checkpoints }: Order<NamedSettings> & { readonly kind: 'start' }): NamedReading {
  const { layouts, context } = loadReading(settings.config)
  const known = forgetfulFiles()
  for (const checkpoint of checkpoints) known.note(checkpoint)
  const tally = new FilesTally()
  return {
    chunks: readNamed(settings.named, { context: context(known, stop.signal), layouts, tally }),
    tally,
  }
}
