import { Exit, errorText, OpsError } from '../errors.ts'
import { agentCommand } from './agent.ts'
import { alertsCommand } from './alerts.ts'
import { blameCommand } from './blame.ts'
import { newProgram, usageExit } from './command.ts'
import { compareCommand } from './compare.ts'
import { diagnoseCommand } from './diagnose.ts'
import { doctorCommand } from './doctor.ts'
import { ingestCommand } from './ingest.ts'
import type { Io } from './io.ts'
import { ledgerCommand } from './ledger.ts'
import { migrateCommand } from './migrate.ts'
import { probeCommand } from './probe.ts'
import { reportCommand } from './report.ts'
import { rulesCommand } from './rules.ts'
import { scanCommand } from './scan.ts'
import { searchCommand } from './search.ts'
import { serveCommand } from './serve.ts'
import { sessionsCommand } from './sessions.ts'
import { signaturesCommand } from './signatures.ts'
import { templatesCommand } from './templates.ts'
import { timelineCommand } from './timeline.ts'
import { trendsCommand } from './trends.ts'
import { verifyCommand } from './verify.ts'

const COMMANDS = [
  serveCommand,
  agentCommand,
  ingestCommand,
  scanCommand,
  diagnoseCommand,
  blameCommand,
  compareCommand,
  probeCommand,
  reportCommand,
  sessionsCommand,
  timelineCommand,
  trendsCommand,
  searchCommand,
  ledgerCommand,
  signaturesCommand,
  alertsCommand,
  rulesCommand,
  templatesCommand,
  verifyCommand,
  doctorCommand,
  migrateCommand,
]

/** Runs one command line and returns its exit code. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  let exit: number = Exit.done
  const program = newProgram(io)
  const setExit = (code: number) => {
    exit = code
  }
  for (const add of COMMANDS) add(program, io, setExit)
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    const usage = usageExit(error)
    if (usage !== undefined) return usage
    io.err(failureText(error))
    return error instanceof OpsError ? error.exit : Exit.runtime
  }
  return exit
}

function failureText(error: unknown): string {
  if (error instanceof OpsError) return `dcvlens: ${error.message}\n  ${error.hint}\n`
  const stack = error instanceof Error ? error.stack : undefined
  return `dcvlens: unexpected error: ${errorText(error)}\n  This is a fault of dcvlens; please report it with these lines.\n${stack ?? ''}\n`
}
