import { checkRoot, loadConfig } from '../config.ts'
import { usageError } from '../errors.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { liveKnowledge } from './live-knowledge.ts'
import { NotReadFiles } from './not-read-files.ts'
import { ownLog } from './own-log.ts'
import { stoppingInReverse } from './stop-in-reverse.ts'
import { openWatch } from './watching.ts'
import { openWritePath } from './write-path.ts'

/** Watches this machine and writes to a server until told to stop: the write path of `serve`, without the API. */
export async function runAgent(options: CommonOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  if (config.store === undefined) {
    throw usageError(
      'E_NO_STORE',
      'an agent writes to a ClickHouse server, and none is named',
      'Name it with --store http://USER:PASSWORD@HOST:8123 or in the settings; `serve` brings a store of its own.',
    )
  }
  const log = ownLog(config, io)
  const { clock, signal } = io
  const knowledge = loadKnowledge(config)
  await stoppingInReverse(async (onStop) => {
    const live = liveKnowledge(knowledge, { config, clock, log, signal })
    onStop(() => live.close())
    const path = await openWritePath({
      ...{ config, clock, log, signal, knowledge: live.now, giveUpMs: Number.POSITIVE_INFINITY },
      maxAgeMs: config.batchMs,
      onStored: ({ batch, lines }) => log.debug({ batch, lines }, 'stored'),
    })
    onStop(() => path.close())
    const watch = await openWatch(path, live.now(), { config, io, log, notRead: new NotReadFiles() })
    onStop(() => watch.close())
    log.info({ root: config.root ?? '/', data: path.dir.path }, 'watching')
    await watch.run()
  })
}
