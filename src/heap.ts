import { setFlagsFromString } from 'node:v8'

// A log pipeline makes many objects that live for one chunk. By default the part of the heap for such objects grows to 48 MB
// and more, and the rest to twice what is in use, with a first collection only at some hundred MB. Collecting more often costs
// a few percent of the CPU time. This must be set before the heap grows, so before anything else is loaded.
setFlagsFromString('--semi-space-growth-factor=1')
setFlagsFromString('--heap-growing-percent=30')
setFlagsFromString('--initial-old-space-size=64')

/**
 * For a program that answers a question and ends: what it reads lives until the answer is there, and collecting often would only
 * copy it (`sessions` of 60 desktops with 270,000 events takes a seventh less time).
 */
export function collectSeldom(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
}
