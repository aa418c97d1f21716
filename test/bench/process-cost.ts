import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of the kernel's accounting in a second; so it is on every Linux. */
const TICKS = 100

/** Seconds of CPU time that the processes have used. */
export function cpuSeconds(pid: number): number {
  return sumOf(pid, (one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  })
}

/** What the processes hold: `rss` counts pages that several of them share for each, `pss` once. */
export function memoryText(pid: number): string {
  const megabytes = (file: string, key: string) =>
    Math.round(
      sumOf(pid, (one) => {
        const text = readFileSync(`/proc/${one}/${file}`, 'utf8')
        return Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024
      }),
    )
  const [rss, pss] = [megabytes('status', 'VmRSS'), megabytes('smaps_rollup', 'Pss')]
  return `memory ${rss} MB (shared pages once: ${pss} MB), at most ${megabytes('status', 'VmHWM')} MB`
}

/** Descriptors that are open. */
export function descriptors(pid: number): number {
  return sumOf(pid, (one) => readdirSync(`/proc/${one}/fd`).length)
}

/** Of a process and those that it started. */
function sumOf(pid: number, value: (pid: number) => number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const others = children.filter((child) => child !== '').map(Number)
  return others.reduce((sum, child) => sum + sumOf(child, value), value(pid))
}
