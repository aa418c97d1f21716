/** What an answer means, and what to look at next. */
export type ProbeFinding = {
  readonly ok: boolean
  /** It says nothing about the desktop, good or bad. */
  readonly inconclusive?: true
  readonly phase: 'launch' | 'dcv-install' | 'session' | 'load-balancer' | 'connect'
  readonly title: string
  readonly explain: string
  readonly remedy: readonly string[]
}

/** Who answered, by the header `Server`. The portal's server names itself uWSGI, or a proxy takes the name away. */
export type Answerer = 'dcv' | 'load balancer' | 'portal' | 'other' | 'unnamed'

/** Where a redirect leads: to the portal's first page or its login, to another page of the same host, or to another host. */
export type Target = 'portal' | 'here' | 'elsewhere'

/** A row of the decision table: which answers it is about, and what they mean. A key that it leaves out may be anything. */
export type DecisionRow = ProbeFinding & {
  readonly by: readonly Answerer[]
  readonly status?: readonly number[]
  readonly leads?: readonly Target[]
}

/** Statuses that send the client to the address in `location`. */
export const REDIRECTS = [301, 302, 303, 307, 308]
