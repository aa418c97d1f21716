import { isHostWide } from '../log-habits.ts'
import { isShared } from '../story.ts'
import type { Mark, StepCourse } from './course.ts'

/** The steps that make the screen of a desktop. */
const OF_SCREEN = new Set(['dcv-install', 'session'])

/**
 * Is it an error of the login screen that the image brings, met before the bootstrap came to DCV? It is no error of the desktop.
 * Where no log of the bootstrap was read, the screen may be the desktop's.
 */
export function isOfImage({ event, at }: Mark, course: readonly StepCourse[]): boolean {
  if (event.phase !== 'session' || event.severity === 'critical' || !isHostWide(event.source)) return false
  const own = course.flatMap(({ step, begins, dones }) =>
    [...begins, ...dones].filter(
      ({ event: { source } }) => !isHostWide(source) && !isShared(source) && !step.beside,
    ),
  )
  const ofScreen = own.filter(({ step }) => OF_SCREEN.has(step.phase))
  return own.length > ofScreen.length && ofScreen.every((mark) => mark.at > at)
}
