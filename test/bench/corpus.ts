import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Repeatable numbers, the same on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % below
  }
}

const WORDS =
  'server job queue node list thread event socket auth batch hash limit stat copy stage file var disk user group mask state track init'.split(
    ' ',
  )

/** Writes a tree of SOCA-like logs of about `megabytes`, one failure in a hundred lines; gives its size in bytes. */
export function writeCorpus(root: string, megabytes: number): number {
  const next = numbers(20_210_813)
  const word = () => WORDS[next(WORDS.length)] ?? ''
  const stamp = (i: number) =>
    new Date(1_628_884_572_000 + i * 37).toISOString().replace('T', ' ').slice(0, 19)
  const node = () =>
    [
      `  Installing : ${word()}-${word()}-${next(9)}.${next(40)}-${next(90)}.el7.x86_64      ${next(400)}/412 `,
      `libtool: compile:  gcc -DHAVE_CONFIG_H -I. -I../../../src/include -g -O2 -MT ${word()}.lo -MD -MP -c ${word()}.c -fPIC -o .libs/${word()}.o`,
      `checking for ${word()}_${word()}... yes`,
      `+ [[ ${word()} == \\${word()} ]]`,
      `+ export SOCA_${word().toUpperCase()}=/apps/soca/soca-x/${word()}/${next(1e9).toString(16)}`,
    ][next(5)] ?? ''
  const dcv = (i: number) =>
    `${stamp(i)},${String(100_000 + next(899_999))} [  ${1000 + next(9000)}:${1000 + next(9000)}  ] INFO  ${word()}-${word()} - Channel '${word()}' (connection ${next(900)}) sent ${next(1e6)} bytes in ${next(9000)} ms`
  const failure = (i: number) =>
    next(2) === 0
      ? `Error: Unable to find a match: ${word()}-${word()}`
      : `${stamp(i)},161016 [  3517:3517  ] WARN  frontend-handler - Invalid connection request from client '10.0.${next(255)}.${next(255)}:2098': unknown session '${word()}'`
  let bytes = 0
  for (let session = 0; bytes < megabytes * 1e6; session++) {
    const desktop = `apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/user${session % 20}/Desktop${session}/ip-10-0-0-${session % 250}`
    for (const [path, line] of [
      [`${desktop}/ComputeNode.sh.log`, node],
      [`var/log/dcv/agent.user${session}.s${session}.log`, dcv],
    ] as const) {
      const lines = Array.from({ length: 12_000 }, (_, i) => (next(100) === 0 ? failure(i) : line(i)))
      const text = `${lines.join('\n')}\n`
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
      bytes += text.length
    }
  }
  return bytes
}
