import { compare } from 'bcryptjs'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { refusal } from './problem.ts'
import { WrongTries } from './wrong-tries.ts'

/** A password check is slow on purpose; more than this many at a time are refused. */
const MOST_CHECKS = 8
/** Correct passwords, as keyed digests, so that only the first request of a page needs a slow check. */
const MOST_KNOWN = 1000
const WAIT = 'Try again in a minute. A token, and a password that was right before, still count.'
/** The hash of no password, so that unknown names take as long as known ones. */
const NOBODY = '$2b$10$.xChJJt9WxW8wB0VtTJ0fezY2pB71AcCFitIojUAQu1WzMukp.Qdy'

type Login = { readonly name: string; readonly password: string }

type Checking = {
  /** Keyed, so that what is remembered of a password is of no use elsewhere. */
  readonly digest: (text: string) => Buffer
  readonly clock: Pick<Clock, 'nowMs'>
  readonly log: Pick<Log, 'warn'>
}

/** Checks names and passwords against bcrypt hashes: few at a time, and for a while none from an address that was often wrong. */
export class PasswordChecks {
  readonly #users: ReadonlyMap<string, string>
  readonly #checking: Checking
  readonly #wrong: WrongTries
  readonly #proven = new Set<string>()
  #running = 0

  constructor(users: ReadonlyMap<string, string>, checking: Checking) {
    this.#users = users
    this.#checking = checking
    this.#wrong = new WrongTries(checking.clock)
  }

  /** Is it the password of this user? Throws a refusal if too many were wrong, or if too many are being checked. */
  async isUser({ name, password }: Login, address: string): Promise<boolean> {
    const digested = this.#checking.digest(`${name}\0${password}`).toString('base64')
    if (this.#proven.has(digested)) return true
    if (this.#wrong.areTooMany(address))
      throw refusal('E_TOO_MANY_TRIES', 'too many wrong passwords came from this address', WAIT)
    if (this.#running >= MOST_CHECKS)
      throw refusal('E_BUSY', 'too many passwords are being checked', 'Ask again in a few seconds.')
    if (!(await this.#isRight({ name, password }))) {
      this.#noteWrong(address)
      return false
    }
    if (this.#proven.size >= MOST_KNOWN) this.#proven.clear()
    this.#proven.add(digested)
    return true
  }

  async #isRight({ name, password }: Login): Promise<boolean> {
    this.#running++
    try {
      const hash = this.#users.get(name)
      return (await compare(password, hash ?? NOBODY)) && hash !== undefined
    } finally {
      this.#running--
    }
  }

  #noteWrong(address: string): void {
    if (this.#wrong.note(address))
      this.#checking.log.warn({ address }, 'too many wrong passwords; no more are checked for a minute')
  }
}
