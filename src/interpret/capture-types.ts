import type { CaptureType } from './rule-schema.ts'

/** Longer values are cut: a capture names something, it does not quote. */
const MAX_CAPTURE_CHARS = 512

/** Loose on purpose: they reject what is clearly something else, not what is merely unusual. */
const SHAPES: Readonly<Record<CaptureType, RegExp>> = {
  text: /./s,
  host: /^[\w.-]+$/,
  ip: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*)$/i,
  int: /^[+-]?\d+$/,
  path: /[\\/]/,
  session: /^[^'"<>|]{1,128}$/,
  user: /^[\w.@\\$+-]+$/,
  uuid: /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i,
  instance: /^m?i-[\da-z]+$/i,
  arn: /^arn:[\w-]+:/,
}

/** The value as it is kept; undefined if it is empty or does not fit its type. */
export function fittingCapture(value: string, type: CaptureType): string | undefined {
  return SHAPES[type].test(value) ? value.slice(0, MAX_CAPTURE_CHARS) : undefined
}
