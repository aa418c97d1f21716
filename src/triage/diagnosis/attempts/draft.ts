import type { EventJson } from '../../../event-json.ts'
import type { Attempt, FileFacts } from '../story.ts'
import { tokensOf } from './tokens.ts'

/** An attempt while it is being put together. */
export type Draft = {
  cluster: string
  owner: string
  name: string
  uuid: string
  host: string
  profile: string
  readonly files: FileFacts[]
  readonly events: EventJson[]
  /** Words by which other machines refer to it. */
  readonly tokens: Set<string>
}

/** Adds a file to the attempt with this key; creates the attempt if it is new. */
export function addTo(drafts: Map<string, Draft>, key: string, file: FileFacts): Draft {
  const draft = drafts.get(key) ?? emptyDraft()
  drafts.set(key, draft)
  return add(draft, file)
}

/** An attempt about which nothing is known yet. */
export function emptyDraft(): Draft {
  return {
    ...{ cluster: '', owner: '', name: '', uuid: '', host: '', profile: '' },
    ...{ files: [], events: [], tokens: new Set() },
  }
}

/** Adds a file to an attempt, with all that the file says about it. */
export function add(draft: Draft, file: FileFacts): Draft {
  draft.files.push(file)
  draft.cluster ||= file.cluster
  draft.owner ||= file.owner
  draft.name ||= file.session
  draft.uuid ||= file.session_uuid
  draft.host ||= file.host
  if (draft.profile === '' || draft.profile === 'host') draft.profile = file.profile || draft.profile
  for (const token of [file.host, file.session_uuid, ...tokensOf(file.file)])
    if (token !== '') draft.tokens.add(token)
  return draft
}

/** Merges a desktop that was asked for but has no logs into the machine that it got. */
export function giveMachine(request: Draft, machine: Draft): void {
  const { owner, name, cluster, profile, events } = request
  Object.assign(machine, {
    owner,
    name,
    cluster: cluster || machine.cluster,
    profile: profile || machine.profile,
  })
  machine.events.push(...events)
}

/** When the first line of its logs was written, in ms. */
export function beginOf({ files }: Draft): number {
  return Math.min(...files.map(({ first_ts }) => Date.parse(first_ts)))
}

const ASKED = new WeakMap<Draft, { readonly read: number; readonly os: string | undefined }>()

/** The operating system that its user asked for, if the portal says so. */
export function askedOs(draft: Draft): Attempt['os'] | undefined {
  const { read, os: known } = ASKED.get(draft) ?? { read: 0, os: undefined }
  const { events } = draft
  const os = known ?? events.slice(read).flatMap(({ captures }) => captures?.['os'] ?? [])[0]
  ASKED.set(draft, { read: events.length, os })
  if (os === undefined) return undefined
  return os.toLowerCase() === 'windows' ? 'windows' : 'linux'
}
