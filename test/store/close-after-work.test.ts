import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { tempDir } from '../support/temp-dir.ts'

it('is closed after the questions that are being answered, and takes no more', async () => {
  const folder = tempDir()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const store = await openEmbedded(join(folder, 'store'))
  const questions = store.questions()
  const counted = 'SELECT toString(uniqExact(sipHash64(number))) AS n FROM numbers(2000000)'
  const asked = [store, questions, questions, questions, questions].map((one) => one.query(counted))
  const closed = store.close()
  const late = questions.query('SELECT 1')
  await expect(late).rejects.toMatchObject({ code: 'E_STOPPING' })
  expect(await Promise.all(asked)).toEqual(asked.map(() => [{ n: '2000000' }]))
  await closed
  await expect(store.command('SELECT 1')).rejects.toMatchObject({ code: 'E_STOPPING' })
})
