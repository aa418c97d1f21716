import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { committedFiles, type Program, startLasting, until } from './program.ts'
import { SAMPLE_FILES, TWO_RULES, writeSampleCluster } from './sample-cluster.ts'

export type SampleService = {
  readonly url: string
  readonly root: string
  readonly data: string
  readonly program: Program
  /** Bytes of all logs that are stored. */
  stored(): number
  close(): Promise<void>
}

/** The real program on a small cluster of its own, when all of it is stored. `settings` are added to its configuration. */
export async function startSampleService(
  settings = '',
  args: readonly string[] = [],
): Promise<SampleService> {
  const folder = mkdtempSync(join(tmpdir(), 'dcvlens-web-'))
  const [root, data, rules] = [join(folder, 'root'), join(folder, 'data'), join(folder, 'rules')]
  writeSampleCluster(root)
  mkdirSync(join(rules, 'signatures'), { recursive: true })
  writeFileSync(join(rules, 'signatures', 'two.yaml'), TWO_RULES)
  const config = join(folder, 'settings.yaml')
  writeFileSync(config, `batchMs: 100\nscanMs: 200\nflushMs: 100\nlogLevel: warn\n${settings}`)
  const where = ['--root', root, '--data', data, '--rules', rules, '--config', config]
  const program = startLasting(['serve', ...where, '--port', '0', ...args])
  const stored = () => committedFiles(data).reduce((sum, { reader }) => sum + reader.offset, 0)
  const total = Object.values(SAMPLE_FILES).reduce((sum, { length }) => sum + length, 0)
  const url = await program.url()
  await until('all is stored', () => stored() === total)
  return {
    ...{ url, root, data, program, stored },
    async close() {
      await program.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
