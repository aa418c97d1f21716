import type { Clock } from '../clock.ts'
import { castList } from './cast.ts'
import { play } from './player.ts'
import { endlessScript, script } from './script.ts'
import { createWriter } from './writer.ts'

export type DemoOptions = {
  /** Root of the tree of a made-up machine. */
  readonly root: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** At 1 a desktop comes up in two to three minutes, at 60 sixty times as fast. */
  readonly speed?: number
  readonly seed?: number
  /** More desktops come after the first ones, for as long as nobody stops it. */
  readonly endless?: boolean
  /** Called when the desktops of the last two hours are on disk, and the live ones begin. */
  readonly onHistory?: () => void
}

type DemoDesktop = {
  readonly owner: string
  readonly session: string
  readonly host: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly outcome: 'ready' | 'failed'
  readonly phase?: string
  /** What goes wrong, in plain words. */
  readonly rule?: string
}

/** The desktops that the demo brings up, and what becomes of them. */
export const DEMO_DESKTOPS: readonly DemoDesktop[] = castList().map(
  ({ owner, session, host, cluster, os, fails }) => ({
    owner,
    session,
    host,
    profile: cluster.profile,
    os,
    ...(fails === undefined ? { outcome: 'ready' } : { outcome: 'failed', ...fails }),
  }),
)

/** Writes the logs of a small cluster until its story is over or the signal aborts; never throws on abort. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { root, clock, signal, speed = 1, seed = 1, endless = false, onHistory = () => {} } = options
  const writer = createWriter(root)
  try {
    await play(endless ? endlessScript(seed) : script(seed), { writer, clock, signal, speed, onHistory })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
