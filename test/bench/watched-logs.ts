import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const DESKTOPS = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop'
/** All that SOCA 2 writes into the folder of a desktop. */
const NAMES = [
  ...['InstallDCV', 'UserCustomization', 'ConfigureMetrics'].map((name) => `ComputeNode${name}.log`),
  ...['ComputeNode.sh.log', 'ComputeNodePostReboot.log', 'rc_local.log'],
]
const FIRST_LINES = 20
const LINE = 'Installing  : nice-dcv-server-2024.0.19030-1.el7.x86_64   '

/** The logs of many desktops, some of which are written to. */
export class WatchedLogs {
  readonly root: string
  readonly #sizes: number[] = []

  constructor(root: string, files: number) {
    this.root = root
    for (let n = 0; n < files; n++) {
      mkdirSync(dirname(this.path(n)), { recursive: true })
      const text = Array.from({ length: FIRST_LINES }, (_, line) => `${LINE}${n}/${line}\n`).join('')
      writeFileSync(this.path(n), text)
      this.#sizes.push(text.length)
    }
  }

  get bytes(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0)
  }

  path(n: number): string {
    const desktop = Math.floor(n / NAMES.length)
    const host = `ip-10-0-${desktop >> 8}-${desktop % 256}`
    const folder = join(this.root, DESKTOPS, `user${desktop % 100}`, `desk${desktop}`, host)
    return join(folder, NAMES[n % NAMES.length] ?? '')
  }

  /** Appends a line; returns where it ends. */
  append(n: number): number {
    const line = `${LINE}more\n`
    appendFileSync(this.path(n), line)
    const end = (this.#sizes[n] ?? 0) + line.length
    this.#sizes[n] = end
    return end
  }
}
