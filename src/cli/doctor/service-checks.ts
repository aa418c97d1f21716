import { z } from 'zod'
import type { DataDir } from '../../data-dir.ts'
import { roughDurationText } from '../../duration.ts'
import { errorText } from '../../errors.ts'
import { counted } from '../counted.ts'
import { fetchService } from '../service-client.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'
import type { Held } from './data-folder.ts'
import { sizeChecks } from './size-check.ts'

/** The part of `/api/v1/status` that is checked. */
const statusSchema = z.object({
  lines: z.number(),
  batches: z.number(),
  last_batch_at: z.string().optional(),
  store: z.enum(['storing', 'retrying']),
  pending_bytes: z.number(),
  rules: z.object({ faults: z.array(z.string()) }),
  alerts: z.object({ faults: z.array(z.string()) }),
  files: z.object({
    lag_bytes: z.number(),
    behind: z.array(z.object({ path: z.string(), bytes: z.number(), seconds: z.number() })),
  }),
  store_size: z
    .object({ tables: z.array(z.object({ table: z.string(), rows: z.number(), bytes: z.number() })) })
    .optional(),
  held_up: z.array(z.string()),
  not_read: z.object({
    count: z.number(),
    items: z.array(z.object({ path: z.string(), reason: z.string(), detail: z.string() })),
  }),
})

const NAMED = 3
/** The status asks the store nothing that takes long. */
const ANSWER_MS = 15_000
/** Files are read in turn; one that waits for longer than this is reported as late. */
const LATE_S = 300

/** How is the service that holds this data directory doing? */
export async function serviceChecks(dir: DataDir, { service }: Held): Promise<Check[]> {
  if (service === undefined) return [notChecked('service', `none runs with ${dir.path}`)]
  const where = `${service.url}, process ${service.pid}`
  try {
    const response = await fetchService(service, '/api/v1/status', {
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const status = statusSchema.parse(await response.json())
    return [
      writeCheck(where, status),
      ...sizeChecks(status.store_size?.tables ?? []),
      lagCheck(status.files),
      heldUpCheck(status.held_up),
      notReadCheck(status.not_read),
      ...refusedChecks(status),
    ]
  } catch (error) {
    return [
      fail('service', `${where} does not answer: ${errorText(error)}`, 'See its log, or start it again.'),
    ]
  }
}

function writeCheck(where: string, status: z.infer<typeof statusSchema>): Check {
  const { lines, batches, last_batch_at, store, pending_bytes } = status
  const last = last_batch_at === undefined ? 'no batch yet' : `the last batch at ${last_batch_at}`
  const told = `${where}: ${counted(lines, 'line')} in ${batches} batches since it was started, ${last}`
  if (store === 'storing') return ok('service', told)
  return warn(
    'service',
    `${told}; the store does not take a batch, ${counted(pending_bytes, 'byte')} wait`,
    'Check the store; the log of the service says why.',
  )
}

function lagCheck({ lag_bytes, behind }: z.infer<typeof statusSchema>['files']): Check {
  const [worst] = behind
  if (worst === undefined) return ok('lag', 'every file is read to its end')
  const named = behind
    .slice(0, NAMED)
    .map(
      ({ path, bytes, seconds }) =>
        `${path} (${counted(bytes, 'byte')}, for ${roughDurationText(seconds * 1000)})`,
    )
  const told = `${counted(lag_bytes, 'byte')} are not read yet: ${named.join(', ')}`
  if (worst.seconds < LATE_S) return ok('lag', told)
  return warn('lag', told, 'A large backlog takes time; otherwise the store or the disk is too slow.')
}

function heldUpCheck(reasons: readonly string[]): Check {
  const check = 'rules about several events'
  if (reasons.length === 0) return ok(check, 'where they hold is stored')
  return warn(
    check,
    `nothing of them is stored now: ${reasons.join('; ')}`,
    'A large backlog takes time. If a folder does not answer, check the file server, or detach the mount with `umount -f -l`.',
  )
}

function refusedChecks({ rules, alerts }: z.infer<typeof statusSchema>): Check[] {
  const faults = [...rules.faults, ...alerts.faults]
  if (faults.length === 0) return []
  const told = `changed while the service runs, with faults; it works with those before:\n${faults.join('\n')}`
  return [
    warn(
      'changed rules',
      told,
      'Correct them: they are taken in at once. It would not start again with them.',
    ),
  ]
}

function notReadCheck({ count, items }: z.infer<typeof statusSchema>['not_read']): Check {
  if (count === 0) return ok('not read', 'the service can read all files that it found')
  const named = items.slice(0, NAMED).map(({ path, reason, detail }) => `${path} (${reason}, ${detail})`)
  const more = count > NAMED ? ` and ${count - NAMED} more` : ''
  return warn(
    'not read',
    `by the service: ${named.join(', ')}${more}`,
    'Let its user read them; links and FIFOs are never opened.',
  )
}
