import { expect, it } from 'vitest'
import { stoppingInReverse } from '../../src/cli/stop-in-reverse.ts'

it('what was started is stopped, the last first, whatever fails on the way', async () => {
  const stopped: string[] = []
  const run = stoppingInReverse(async (onStop) => {
    onStop(() => stopped.push('store'))
    onStop(async () => {
      stopped.push('watch')
      throw new Error('the watch did not stop')
    })
    onStop(async () => stopped.push('server'))
    throw new Error('the work failed')
  })
  await expect(run).rejects.toThrow('the watch did not stop')
  expect(stopped).toEqual(['server', 'watch', 'store'])
})

it('what began before a failure is stopped, and the failure told', async () => {
  const stopped: string[] = []
  const run = stoppingInReverse(async (onStop) => {
    onStop(() => stopped.push('store'))
    throw new Error('the port is taken')
  })
  await expect(run).rejects.toThrow('the port is taken')
  expect(stopped).toEqual(['store'])
})
