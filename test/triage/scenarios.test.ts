import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadKnowledge } from '../../src/cli/knowledge.ts'
import { readStory } from '../../src/cli/read-story.ts'
import { systemClock } from '../../src/clock.ts'
import { FilesTally } from '../../src/collect/files-tally.ts'
import { loadConfig } from '../../src/config.ts'
import { diagnose } from '../../src/triage/diagnosis/diagnose.ts'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import { programIo } from '../support/program-io.ts'
import { HOST_LOGS } from './scenarios/host-logs.ts'
import { LATER_CONTROL } from './scenarios/later-control.ts'
import { LATER_DCV } from './scenarios/later-dcv.ts'
import { LATER_IDENTITY } from './scenarios/later-identity.ts'
import { LATER_SETUP } from './scenarios/later-setup.ts'
import { AS_OF, msOf } from './scenarios/moments.ts'
import { plant, type Scenario, told } from './scenarios/scenario.ts'
import { SOCA2_ATTEMPTS } from './scenarios/soca2-attempts.ts'
import { SOCA2_CONTROL } from './scenarios/soca2-control.ts'
import { SOCA2_DCV } from './scenarios/soca2-dcv.ts'
import { SOCA2_IDENTITY } from './scenarios/soca2-identity.ts'
import { SOCA2_SETUP } from './scenarios/soca2-setup.ts'
import { WINDOWS } from './scenarios/windows.ts'

const knowledge = loadKnowledge(loadConfig(undefined, {}))

async function diagnosed({ tree }: Scenario): Promise<DiagnosisJson[]> {
  const root = mkdtempSync(join(tmpdir(), 'dcvlens-scenario-'))
  try {
    plant(root, tree)
    const config = loadConfig(undefined, { root })
    const story = await readStory(
      [root],
      config,
      { knowledge, tally: new FilesTally() },
      programIo(systemClock),
    )
    const { rules, layouts } = knowledge
    const { generations } = layouts
    return diagnose(story, { rules, phases: knowledge.phases(), generations, nowMs: msOf(AS_OF) })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

describe.each([
  { family: 'the setup of SOCA 2', scenarios: SOCA2_SETUP },
  { family: 'the directory of SOCA 2', scenarios: SOCA2_IDENTITY },
  { family: 'DCV on SOCA 2', scenarios: SOCA2_DCV },
  { family: 'the controller of SOCA 2', scenarios: SOCA2_CONTROL },
  { family: 'several instances on SOCA 2', scenarios: SOCA2_ATTEMPTS },
  { family: 'the setup of later generations', scenarios: LATER_SETUP },
  { family: 'the directory of later generations', scenarios: LATER_IDENTITY },
  { family: 'DCV on later generations', scenarios: LATER_DCV },
  { family: 'the controller of later generations', scenarios: LATER_CONTROL },
  { family: 'what hosts write of themselves', scenarios: HOST_LOGS },
  { family: 'Windows', scenarios: WINDOWS },
])('$family', ({ scenarios }) => {
  test.each(scenarios)('$title', async (scenario) => {
    const found = await diagnosed(scenario)
    expect(told(found, scenario)).toEqual(scenario.expect)
  })
})
