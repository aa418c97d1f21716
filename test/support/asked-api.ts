import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { until } from './program.ts'
import { SERVER_LOG } from './sample-cluster.ts'
import type { SampleService } from './sample-service.ts'

export type Item = Readonly<Record<string, unknown>>
type Answer = { readonly items: Item[]; readonly next?: string }

/** Asks the API of a service, which may be started later. */
export function apiOf(service: () => Pick<SampleService, 'url'>) {
  async function ask(path: string, init: RequestInit = {}) {
    const response = await fetch(`${service().url}/api/v1/${path}`, init)
    const body = (await response.json()) as Answer & Record<string, unknown>
    return { status: response.status, type: response.headers.get('content-type') ?? '', body }
  }
  return {
    ask,
    /** The items of an answer, which must be one. */
    async items(path: string): Promise<Item[]> {
      const { status, body } = await ask(path)
      expect([path, status, body['detail']]).toEqual([path, 200, undefined])
      return body.items
    },
    post: (path: string, body: unknown) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}

/** The rule of an event; undefined if it has none. */
export const ruleOf = (event: Item) => event['rule_id']

const UNKNOWN =
  '2026-02-10 08:20:00,000001 [  2201:2201  ] CRITICAL zorbler - zorble panic the frobnicator abcdef\n'

/** Writes a failure that no rule explains, and waits until it is stored. */
export async function failUnexplained(service: SampleService): Promise<void> {
  const before = service.stored()
  appendFileSync(join(service.root, SERVER_LOG), UNKNOWN)
  await until('the unknown failure is stored', () => service.stored() === before + UNKNOWN.length)
}
