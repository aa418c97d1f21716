import type { EventJson } from '../../../event-json.ts'

const HOST = /\bip-\d{1,3}(?:-\d{1,3}){3}\b/g
const ADDRESS = /(?<![\d.])(?:10|172|192|100)(?:\.\d{1,3}){3}(?![\d.])/g
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
/** It may follow an underscore, as in `edh_bootstrap_i-…`. */
const INSTANCE = /(?<![a-zA-Z\d])i-[0-9a-f]{8,17}\b/g

/** Each of these words holds one of these: most texts hold none, and one look at them is enough. */
const ANY = /ip-\d|\.\d{1,3}\.\d|[0-9a-f]{4}-[0-9a-f]{4}-|(?<![a-zA-Z\d])i-[0-9a-f]/

/** Who called AWS, with the instance it was called from. In calls of the controller this is the controller's own instance. */
const CALLER = /:assumed-role\/[^\s/]{1,64}\/i-[0-9a-f]{8,17}/g

/**
 * Words of a text that belong to a single desktop: its host, address, instance or a uuid. Addresses are written as host
 * names.
 */
export function tokensOf(whole: string): string[] {
  if (!ANY.test(whole)) return []
  const text = whole.replace(CALLER, '')
  return [
    ...(text.match(HOST) ?? []),
    ...(text.match(ADDRESS) ?? []).map((address) => `ip-${address.replaceAll('.', '-')}`),
    ...(text.match(UUID) ?? []),
    ...(text.match(INSTANCE) ?? []),
  ]
}

/** The same for an event, from its captures and its message. */
export const tokensOfEvent = oncePerEvent((event: EventJson): readonly string[] => {
  const { message, captures = {} } = event
  return [...new Set(tokensOf([...Object.values(captures), message].join(' ')))]
})

/** Logs that tell of all desktops are read with each portion of them, and by several steps. */
function oncePerEvent<Event extends object, Found>(find: (event: Event) => Found): (event: Event) => Found {
  const known = new WeakMap<Event, Found>()
  return (event) => {
    const before = known.get(event)
    if (before !== undefined) return before
    const found = find(event)
    known.set(event, found)
    return found
  }
}

/** Is such a word a uuid? */
export function isUuid(token: string): boolean {
  return /^[0-9a-f]{8}-/.test(token)
}

/** The newer table has one row per desktop; in older releases there are two tables. A list of desktops names several rows. */
const ROW =
  /(?:_session\.id=|\bVDI Session )(\d+)|<VirtualDesktopSessions (?:id=)?(\d+)>|<((?:Linux|Windows)DCVSessions \d+)>/g
/**
 * The name as it was typed, which may be longer than CloudFormation takes (128 characters, with cluster and user). The portal
 * keeps only its letters, digits and underscores.
 */
const NAME = /\bsession_name'?(?:: u?'([^'\n]{1,128})'|=(\w{1,128}))|\bfor session (\w{1,128}): \{/
/**
 * `Unable to Launch Desktop cad for user jdoe because of …`, `Unable to Launch Desktop cad (owner: jdoe): …`, `Unable to create
 * virtual desktop cad for jdoe because of …`. One that exists is called by the id of its session.
 */
const DESKTOP =
  /\b(?:[Ll]aunch|[Mm]odify|[Rr]estart|[Ss]tart|[Ss]top|create virtual) [Dd]esktop (?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?!(?:because|due|for|of|in|and|as|with|request|failed|is|was)\b)(\w{1,128}))\b(?!-)(?: (?:for (?:user )?|\(owner: )([\w.@-]{1,64}))?/
const USER = /\b(?:user|owner|session_owner|username)'?(?:: u?'|=)([\w.@-]{1,64})/
const FOR_USER =
  /(?:\b(?:for user|requested by) |\bdesktop request (?:for|from) (?:user )?|, user (?=\S+$))([\w.@-]{1,64})/
/** The tag that an instance carries, as the watchers ask for it. */
const JOB_OWNER = /:JobOwner ([\w.@-]{1,64})/
const SESSION_UUID = /\b(?:[Ss]ession[_ ]uuid|DCVSessionUUID)\b\W{1,5}([0-9a-f-]{36})\b/
/** The folder of a desktop's logs. In S3, ids of the bootstrap and of the session take the place of user and name. */
const FOLDER =
  /\/(?:dcv_node|logs\/desktop)\/(?![0-9a-f]{8}-[0-9a-f]{4}-)([^/\s'"\]]{1,64})\/([^/\s'"\]]{1,64})/
/** `Session cad with UUID … started successfully.` */
const RECORDED = /\bSession (\w{1,128}) with UUID ([0-9a-f-]{36})\b/

/** How the portal refers to a desktop that has no host yet. */
export type PortalWords = {
  readonly rows?: readonly string[]
  readonly name?: string
  readonly user?: string
  readonly uuid?: string
}

/** Reads the portal's own words for a desktop: its row, name and user, uuid, folder, stack (`cluster-name-user`). */
export const portalWords = oncePerEvent(wordsIn)

function wordsIn({ message, cluster = '' }: Pick<EventJson, 'message' | 'cluster'>): PortalWords {
  const folder = FOLDER.exec(message)
  const stack = cluster === '' ? null : stackIn(message, cluster)
  const desktop = DESKTOP.exec(message)
  const rows = rowsIn(message)
  const recorded = RECORDED.exec(message)
  const uuid = SESSION_UUID.exec(message)?.[1] ?? recorded?.[2]
  const name = folder?.[2] ?? nameIn(message) ?? stack?.[1] ?? desktop?.[1] ?? recorded?.[1]
  const user =
    folder?.[1] ??
    USER.exec(message)?.[1] ??
    stack?.[2] ??
    desktop?.[2] ??
    (FOR_USER.exec(message) ?? JOB_OWNER.exec(message))?.[1]
  return {
    ...(rows.length === 0 ? {} : { rows }),
    ...(name === undefined ? {} : { name }),
    ...(user === undefined ? {} : { user }),
    ...(uuid === undefined ? {} : { uuid }),
  }
}

function rowsIn(message: string): string[] {
  const found = [...message.matchAll(ROW)].map(
    ([, watched, listed, older]) => watched ?? listed ?? older ?? '',
  )
  return [...new Set(found)]
}

function nameIn(message: string): string | undefined {
  const [, typed, plain, found] = NAME.exec(message) ?? []
  return typed?.replace(/\W+/g, '') || plain || found
}

const STACK = /^(\w{1,128})-([\w.@-]{1,64})/
/** CloudFormation ends the names of what a stack holds (roles, profiles, groups) with these. */
const RANDOM_END = /-[0-9A-Z]{6,}$/
const CALLED_STACK_BEFORE =
  /(?:(?:stack|provision)[^\n]{0,40}|capacity_reservation_name=|unable to (?:launch|create|start|restart) (?:(?:virtual )?desktop )?)$/i
const CALLED_STACK_AFTER = /^\S{0,129}' at 'stackName'/
const REACH = 48

/** The end of a stack's name, `name-user`. Load balancers, roles and groups may also start with the cluster's name. */
function stackIn(message: string, cluster: string): RegExpExecArray | null {
  const lead = `${cluster}-`
  for (let at = message.indexOf(lead); at >= 0; at = message.indexOf(lead, at + 1)) {
    const before = message.slice(Math.max(0, at - REACH), at)
    if (/\w$|:\/\/$/.test(before)) continue
    const after = message.slice(at + lead.length, at + lead.length + 160)
    if (!CALLED_STACK_BEFORE.test(before) && !CALLED_STACK_AFTER.test(after)) continue
    const found = STACK.exec(after)
    if (found !== null && !RANDOM_END.test(found[0])) return found
  }
  return null
}
