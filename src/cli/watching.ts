import type { Followers } from '../collect/followers.ts'
import type { NotRead } from '../collect/not-read.ts'
import { watchTree } from '../collect/watch-tree.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { runPipeline } from '../pipeline.ts'
import { selectUnread } from '../store/ledger-query.ts'
import { followLocations } from './following.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import type { NotReadFiles } from './not-read-files.ts'
import { reachable } from './open-store.ts'
import { UnreadFiles } from './unread-files.ts'
import { WATCH_DEPTH } from './watch-depth.ts'
import type { WritePath } from './write-path.ts'

const UNWATCHED =
  'some folders are not watched; the scan finds what changes there, a little later. For ENOSPC or EMFILE raise fs.inotify.max_user_watches and max_user_instances (sysctl), or LimitNOFILE'

export type WatchNeeds = {
  readonly config: Config
  readonly io: Io
  readonly log: Log
  /** Collects the files of this machine that cannot be read. */
  readonly notRead: NotReadFiles
}

export type Watch = {
  readonly followers: Followers
  /** Writes what arrives to the store, until the program is told to stop. */
  run(): Promise<void>
  close(): Promise<void>
}

/** Watches the default locations and stores what is read; the ledger gets what cannot be read. */
export async function openWatch(path: WritePath, knowledge: Knowledge, needs: WatchNeeds): Promise<Watch> {
  const { config, io, log, notRead } = needs
  const root = config.root ?? '/'
  const unread = new UnreadFiles(knowledge.layouts, root, await reachable(selectUnread(path.store), config))
  const onFarNotRead = (file: NotRead) => {
    unread.note(file)
    const { path: name, reason, detail } = file
    log.warn({ path: name, reason, detail }, 'not read')
  }
  const onNotRead = (file: NotRead) => {
    notRead.note(file)
    onFarNotRead(file)
  }
  const { followers, folders } = followLocations(knowledge, path.checkpoints, {
    ...{ config, io, onNotRead, onFarNotRead },
  })
  const hints = watchTree(folders, WATCH_DEPTH, {
    onChange: (path) => followers.hint(path),
    onWritten: (path) => followers.written(path),
    onTrouble: (code) => {
      followers.missesHints()
      log.warn({ code, scanMs: config.scanMs }, UNWATCHED)
    },
  })
  return {
    followers,
    run: () =>
      runPipeline({ ...path.stages, collect: async (waitMs) => unread.take() ?? followers.next(waitMs) }),
    async close() {
      await hints.close()
      await followers.close()
    },
  }
}
