import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareVersions } from '../../product-versions.ts'
import { PACKAGE_FOLDER } from '../../program-folder.ts'
import { grouped } from '../counted.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'

/** Two descriptors for each file that may be followed at a time, plus the rest of the program. */
const NEEDED_DESCRIPTORS = 600
const COMFORTABLE_DESCRIPTORS = 1024

/** Checks the Node version, the user, and the limit of open files. */
export function machineChecks(): Check[] {
  return [nodeCheck(process.versions.node), descriptorCheck()]
}

function nodeCheck(version: string): Check {
  const { engines } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string }
  }
  const needed = engines.node.replace('>=', '')
  const isOld = compareVersions(numbers(version), numbers(needed)) < 0
  if (!isOld) return ok('node', `${version}, on ${process.platform} ${process.arch}`)
  return fail('node', `${version} is too old`, `Install Node ${needed} or newer.`)
}

function numbers(version: string): number[] {
  return version.split('.').map(Number)
}

/** Checks the hard limit, since Node raises the soft limit to it at the start. */
function descriptorCheck(): Check {
  const line = /^Max open files +(\d+|unlimited)/m.exec(readLimits())?.[1]
  if (line === undefined) return notChecked('open files', '/proc/self/limits does not tell the limit')
  const limit = line === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line)
  const told = line === 'unlimited' ? 'no limit' : `at most ${grouped(limit)}`
  if (limit >= COMFORTABLE_DESCRIPTORS) return ok('open files', told)
  const remedy = `Raise it: \`ulimit -n ${COMFORTABLE_DESCRIPTORS * 4}\`, or LimitNOFILE= in the systemd unit.`
  return limit >= NEEDED_DESCRIPTORS
    ? warn('open files', `${told}, which is just enough`, remedy)
    : fail('open files', `${told}, but ${NEEDED_DESCRIPTORS} may be needed`, remedy)
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
