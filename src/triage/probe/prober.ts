import type { Clock } from '../../clock.ts'
import type { DiagnosisJson } from '../diagnosis/diagnosis-json.ts'
import { addressIn } from '../diagnosis/shown/traits.ts'
import type { ProbeAnswer } from './answer.ts'
import type { ProbeFinding } from './decision-row.ts'
import { probeFinding, withNames } from './probe.ts'

/** The last answer of a desktop's address. */
export type Probed = ProbeFinding & {
  /** When it was asked, ms since the epoch. */
  readonly atMs: number
  readonly answer: ProbeAnswer
  /** The number of consecutive answers by which the desktop cannot be reached; one that says nothing about it changes nothing. */
  readonly misses: number
}

/** The last answer of each desktop, by its address. */
export type Probes = ReadonlyMap<string, Probed>

export type ProberOptions = {
  /** `https://LOAD-BALANCER`, without a path. */
  readonly loadBalancer: string
  readonly everyMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly ask: (url: string, signal: AbortSignal) => Promise<ProbeAnswer>
  /** The desktops known now. */
  readonly desktops: () => Promise<readonly DiagnosisJson[]>
  readonly onTrouble: (error: unknown) => void
}

/** What one address answered, and when (ms since the epoch). */
type Answered = {
  readonly address: string
  readonly url: string
  readonly answer: ProbeAnswer
  readonly atMs: number
}

/** How many addresses are asked at a time: a slow load balancer must not get many requests at once. */
const AT_ONCE = 4

/** Probes the addresses of the desktops that should answer, again and again, until stopped. */
export class Prober {
  readonly #options: ProberOptions
  readonly #probes = new Map<string, Probed>()

  constructor(options: ProberOptions) {
    this.#options = options
  }

  get probes(): Probes {
    return this.#probes
  }

  /** Resolves when stopped. A round that fails is reported, and the next one is awaited. */
  async run(): Promise<void> {
    const { clock, signal, everyMs, onTrouble } = this.#options
    while (!signal.aborted) {
      await this.#round().catch(onTrouble)
      await clock.sleep(everyMs, signal)
    }
  }

  async #round(): Promise<void> {
    const desktops = await this.#options.desktops()
    const addresses = [...new Set(desktops.filter(shouldAnswer).map(addressIn))]
    for (const address of this.#probes.keys()) if (!addresses.includes(address)) this.#probes.delete(address)
    const queue = addresses.values()
    const answers: Answered[] = []
    const work = async () => {
      for (const address of queue) answers.push(await this.#ask(address))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    if (this.#options.signal.aborted) return
    // If none is answered for, it is the load balancer or the way to it.
    const isAlive = answers.some(({ answer }) => answer.status !== undefined)
    for (const answered of answers) this.#note(answered, isAlive)
  }

  async #ask(address: string): Promise<Answered> {
    const { loadBalancer, clock, signal, ask } = this.#options
    const url = `${loadBalancer}/${encodeURIComponent(address)}/`
    return { address, url, answer: await ask(url, signal), atMs: clock.nowMs() }
  }

  #note({ address, url, answer, atMs }: Answered, isAlive: boolean): void {
    const found = withNames(probeFinding(answer, url), { url })
    const finding = found.ok || isAlive ? found : { ...found, inconclusive: true as const }
    const before = this.#probes.get(address)?.misses ?? 0
    const misses = finding.ok ? 0 : before + (finding.inconclusive === true ? 0 : 1)
    this.#probes.set(address, { ...finding, atMs, answer, misses })
  }
}

/** Desktops that are stopped, that failed before they could answer, or whose address is not known are not probed. */
function shouldAnswer(desktop: DiagnosisJson): boolean {
  const { status, verdict } = desktop
  const isOpen =
    status === 'ready' || status === 'stalled' || status === 'unknown' || isProbed(verdict?.rule_id)
  return isOpen && addressIn(desktop) !== ''
}

/** The verdict on a desktop whose address does not answer; it may answer again. */
export const PROBE_RULE = 'probe-no-answer'

function isProbed(ruleId: string | undefined): boolean {
  return ruleId === PROBE_RULE
}
