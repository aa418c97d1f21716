import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const FOLDER =
  'apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/ann/cad/0c5e7f11-0000-4000-8000-000000000001/0c5e7f11-0000-4000-8000-000000000002/ip-10-0-0-1'
const SETUP = '02_setup.log'
const FAULT =
  '[2026-03-04 05:06:07,123] [ERROR] aws_cli: aws s3 cp s3://x y returned a non-throttling error: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n'

/** A tree with one desktop, to write logs in. */
function desktop() {
  const root = tempDir()
  const write = (name: string, text: string) => {
    const path = join(root, FOLDER, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return { root, write }
}

it('a line that the bootstrap writes to two files is one failure, shown with both places', async () => {
  const data = tempDir()
  const { root, write } = desktop()
  write(SETUP, `[2026-03-04 05:06:06,000] [INFO] Fetching\n${FAULT}`)
  const where = ['--root', root, '--data', data]
  expect((await runProgram(['ingest', ...where])).code).toBe(0)
  write('bootstrap_ERROR.log', FAULT)
  expect((await runProgram(['ingest', ...where])).code).toBe(0)
  const ask = async (...words: string[]) =>
    jsonLines((await runProgram([...words, '--json', '--data', data])).stdout).filter(
      ({ rule_id }) => rule_id === 'aws-access-denied',
    )
  expect(await ask('trends')).toMatchObject([{ count: 1 }])
  const coverage = await runProgram(['rules', 'coverage', '--json', '--data', data])
  expect(jsonLines(coverage.stdout)).toEqual([{ source: 'setup', explained: 1, unexplained: 0, share: 1 }])
  expect(await ask('timeline', 'ann/cad')).toMatchObject([
    {
      source: 'setup',
      copies: [{ file: `/${FOLDER}/bootstrap_ERROR.log`, offset: 0, length: FAULT.length }],
    },
  ])
  expect(await ask('timeline', 'ann/cad', '--source', 'bootstrap-level')).toHaveLength(1)
  const { stdout } = await runProgram(['timeline', 'ann/cad', '--data', data])
  expect(stdout).toContain('02_setup.log, byte 42; also bootstrap_ERROR.log, byte 0\n')
  const inFiles = await runProgram(['timeline', 'ann/cad', ...where])
  expect(inFiles.stdout).toContain('02_setup.log:2; also bootstrap_ERROR.log:1\n')
})

it('so it is where files are read without a store, and the place in the whole log is shown', async () => {
  const { root, write } = desktop()
  const again = FAULT.replace('06:07,123', '06:09,456')
  write('bootstrap_ERROR.log', FAULT + again)
  write('03_setup_post_reboot.log', FAULT)
  write(SETUP, FAULT + again)
  const where = ['--root', root, root]
  const [diagnosis] = jsonLines((await runProgram(['diagnose', '--json', ...where])).stdout)
  expect(diagnosis).toMatchObject({ again: 1, evidence: [{ offset: 0, copies: [{}, {}] }, { copies: [{}] }] })
  const scanned = (await runProgram(['scan', ...where])).stdout
  expect(scanned).toMatch(/\n2 findings and 0 milestones in 5 records/)
  expect(scanned).toContain('×2')
  expect(scanned).toContain(`/${SETUP}, byte 0; also 03_setup_post_reboot.log; also bootstrap_ERROR.log`)
  const coverage = await runProgram(['rules', 'coverage', '--json', ...where])
  expect(jsonLines(coverage.stdout)).toMatchObject([{ explained: 2, unexplained: 0 }])
  for (const all of [[], ['--all']]) {
    const events = jsonLines((await runProgram(['scan', '--json', ...all, ...where])).stdout)
    const firsts = events.filter(({ duplicate_of }) => duplicate_of === undefined)
    const copies = events.filter(({ duplicate_of }) => duplicate_of !== undefined)
    expect([firsts.length, copies.length]).toEqual([2, 3])
    for (const copy of copies) {
      const [first] = firsts.filter(({ event_id }) => event_id === copy['duplicate_of'])
      expect(first).toMatchObject({ ts: copy['ts'], message: copy['message'] })
      expect(first?.['file']).not.toBe(copy['file'])
    }
  }
})
