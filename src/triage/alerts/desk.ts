import type { Clock } from '../../clock.ts'
import { worstFirst } from '../../severity.ts'
import type { AlertRule } from './alert-rule.ts'
import type { Alerting } from './alerting-config.ts'
import type { Book } from './book.ts'
import { gatheringOf } from './gathering.ts'
import type { Groups } from './groups.ts'
import { type HeldBack, holdingBack, isHeldBack } from './held-back.ts'
import type { Instance } from './instances.ts'
import type { Labels } from './labels.ts'
import { routeTree } from './routes.ts'
import { isActive, newSilence, type Silence, SilenceRequest } from './silence.ts'
import { toldAt } from './told-at.ts'

/** An alert as the API and `alerts --json` show it. Times are ISO 8601. */
export type AlertJson = {
  readonly fingerprint: string
  readonly rule: string
  readonly labels: Labels
  readonly annotations: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly since: string
  readonly ends_at?: string
  readonly value: number
  /** No notice has told of it yet: its group is waited for, or gathers what else is new, until then at most. */
  readonly held_until?: string
} & HeldBack

/** The rules and delivery settings that the desk needs besides the book. */
export type DeskSetup = { readonly rules: readonly AlertRule[]; readonly alerting: Alerting }

export type SilenceJson = Silence & { readonly state: 'pending' | 'active' | 'expired' }

/** The state of delivery. */
export type DeliveryJson = {
  readonly waiting: number
  readonly delivered: number
  readonly given_up: number
  /** Why the last waiting message could not be delivered. */
  readonly reason?: string
}

/** Where people look at alerts and silence them; shared by the service and the command line. */
export type AlertDesk = {
  /** All alerts, or those in one state, worst first. */
  alerts(state?: string): readonly AlertJson[]
  /** One alert, by its fingerprint or the beginning of it. */
  alert(fingerprint: string): AlertJson | undefined
  silences(): readonly SilenceJson[]
  /** Creates a silence from a request's body; throws a ZodError or an OpsError E_SILENCE that says what is wrong with it. */
  silence(body: unknown): Promise<SilenceJson>
  /** Ends a silence now; undefined if there is none with this id. */
  endSilence(id: string): Promise<SilenceJson | undefined>
  delivery(): DeliveryJson
}

/** Expired silences can be looked at for this long. */
const EXPIRED_KEPT_MS = 5 * 86_400_000
const STATES = ['firing', 'pending', 'resolved']

/** The desk over an open book. Without a setup it cannot tell what is inhibited or muted. */
export function alertDesk(book: Book, clock: Clock, setup?: () => DeskSetup | undefined): AlertDesk {
  const now = () => clock.nowMs()
  const alerts = () => listed(book, setup?.(), now())
  return {
    alerts: (state) => alerts().filter((alert) => state === undefined || alert.state === state),
    alert: (fingerprint) => {
      const found = alerts().filter(
        (alert) => fingerprint !== '' && alert.fingerprint.startsWith(fingerprint),
      )
      return found.length === 1 ? found[0] : undefined
    },
    silences: () => book.page.silences.map((silence) => silenceJson(silence, now())),
    async silence(body) {
      const nowMs = now()
      const silence = newSilence(
        SilenceRequest.parse(body),
        nowMs,
        setup?.()?.rules.map(({ id }) => id),
      )
      await book.change((page) => ({ ...page, silences: [...lately(page.silences, nowMs), silence] }))
      return silenceJson(silence, nowMs)
    },
    async endSilence(id) {
      const nowMs = now()
      const end = (one: Silence) => (one.id === id && !isOver(one, nowMs) ? ended(one, nowMs) : one)
      const page = await book.change((before) => ({ ...before, silences: before.silences.map(end) }))
      const silence = page.silences.find((one) => one.id === id)
      return silence === undefined ? undefined : silenceJson(silence, nowMs)
    },
    delivery: () => deliveryJson(book.page.outbox),
  }
}

/** Every alert of the book, worst first, each with what holds it back or until when its notice waits. */
function listed(book: Book, setup: DeskSetup | undefined, nowMs: number): AlertJson[] {
  const { silences, groups } = book.page
  const all = Object.values(book.page.instances)
  const firing = all.filter(({ state }) => state.kind === 'firing').map(({ labels }) => labels)
  const heldBack = holdingBack({ silences, firing, alerting: setup?.alerting, nowMs })
  const heldUntil = waiting(groups, setup, nowMs)
  return all
    .map((instance) => {
      const held = heldBack(instance.labels)
      return { ...alertJson(instance, held), ...(isHeldBack(held) ? {} : heldUntil(instance)) }
    })
    .sort(byWeight)
}

function deliveryJson({ waiting, delivered, given_up, dead }: Book['page']['outbox']): DeliveryJson {
  const reason = waiting.findLast((queued) => queued.reason !== '')?.reason ?? dead.at(-1)?.reason
  return { waiting: waiting.length, delivered, given_up, ...(reason === undefined ? {} : { reason }) }
}

/** Says until when firing alerts wait for their notice; nothing if nobody is to be notified, or that is not known. */
function waiting(groups: Groups, setup: DeskSetup | undefined, nowMs: number) {
  const route = setup === undefined ? undefined : routeTree(setup.alerting)
  if (setup === undefined || route === undefined) return () => ({})
  const telling = { ...setup.alerting, groups, route, gathering: gatheringOf(setup.rules), nowMs }
  return (instance: Instance): Pick<AlertJson, 'held_until'> => {
    const untilMs = instance.state.kind === 'firing' ? toldAt(instance, telling) : undefined
    return untilMs === undefined ? {} : { held_until: new Date(untilMs).toISOString() }
  }
}

function alertJson(instance: Instance, heldBack: HeldBack): AlertJson {
  const { fingerprint, rule, labels, notes, state, value } = instance
  return {
    ...{ fingerprint, rule, labels, annotations: notes },
    state: state.kind === 'inactive' ? 'resolved' : state.kind,
    since: new Date('since' in state ? state.since : 0).toISOString(),
    ...(state.kind === 'resolved' ? { ends_at: new Date(state.at).toISOString() } : {}),
    value,
    ...heldBack,
  }
}

function silenceJson(silence: Silence, nowMs: number): SilenceJson {
  const state = isActive(silence, nowMs) ? 'active' : isOver(silence, nowMs) ? 'expired' : 'pending'
  return { ...silence, state }
}

function isOver({ ends_at }: Silence, nowMs: number): boolean {
  return Date.parse(ends_at) <= nowMs
}

function ended(silence: Silence, nowMs: number): Silence {
  const starts_at = new Date(Math.min(Date.parse(silence.starts_at), nowMs)).toISOString()
  return { ...silence, starts_at, ends_at: new Date(nowMs).toISOString() }
}

function lately(silences: readonly Silence[], nowMs: number): Silence[] {
  return silences.filter(({ ends_at }) => Date.parse(ends_at) > nowMs - EXPIRED_KEPT_MS)
}

function byWeight(a: AlertJson, b: AlertJson): number {
  return (
    STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
    worstFirst(a.labels['severity'], b.labels['severity']) ||
    (a.since < b.since ? 1 : -1)
  )
}
