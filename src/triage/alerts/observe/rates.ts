import { durationText } from '../../../duration.ts'
import type { SignatureDetails } from '../../../store/alert-query.ts'
import { boundedLate } from '../../../store/alert-span.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { signatureDetails } from './details.ts'
import { plural } from './notice-words.ts'
import { signatureObservation } from './signature-notes.ts'
import { selectOf } from './signature-rule.ts'
import { coursesOf } from './usual.ts'
import { lastOf, type Observation, type World } from './world.ts'

type Rate = AlertRuleOf<'rate'>

const WHAT = { events: 'event', sessions: 'desktop', hosts: 'host' } as const

/** Signatures with many events within a window, in number or compared with their usual rate. */
export async function observeRate(rule: Rate, world: World): Promise<readonly Observation[]> {
  const found = await signatureDetails(world.store, boundedLate(lastOf(world, rule.window)), selectOf(rule))
  const many = found.filter((details) => details[measured(rule)] >= rule.at_least)
  if (many.length === 0) return []
  const opening = (details: SignatureDetails) =>
    `${plural(details[measured(rule)], WHAT[rule.measure])} within ${durationText(rule.window)}`
  const { times_usual } = rule
  if (times_usual === undefined) {
    return many.map((details) =>
      signatureObservation(details, opening(details), details[measured(rule)], world),
    )
  }
  const names = many.map(({ signature }) => signature)
  const courses = await coursesOf(rule, names, world)
  return many.flatMap((details) => {
    const course = courses.get(details.signature)
    if (course === undefined || !course.isRising || details.count < course.usual * times_usual) return []
    const words = `${opening(details)} (usual: ${course.usual.toPrecision(2)})`
    return signatureObservation(details, words, details.count, world)
  })
}

function measured({ measure }: Rate): 'count' | 'sessions' | 'hosts' {
  return measure === 'events' ? 'count' : measure
}
