import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { DataDir } from '../data-dir.ts'
import { errorCode, errorText } from '../errors.ts'
import type { Miner } from '../interpret/template/miner.ts'
import { readModel } from '../interpret/template/snapshot.ts'
import type { Log } from '../log.ts'

/** The model is saved at most this often. Ids are computed from texts, so losing the newest part costs little. */
const SAVE_EVERY_MS = 60_000

/** The file that holds the model of a miner. */
export type TemplateModel = {
  /** Saves the model if it changed and enough time has passed. */
  saveIfDue(nowMs: number): void
  save(): void
}

/** Restores a miner from the file, and keeps the file up to date. A file that is damaged or of another version is ignored. */
export function openTemplateModel({ templates: path }: DataDir, miner: Miner, log: Log): TemplateModel {
  const model = readModel(parsed(path, log))
  if (model !== undefined) miner.restore(model)
  let saved = miner.revision
  let savedMs = 0
  const save = () => {
    if (saved === miner.revision) return
    saved = miner.revision
    try {
      writeFileSync(`${path}.tmp`, JSON.stringify(miner.snapshot()), { mode: 0o600 })
      renameSync(`${path}.tmp`, path)
    } catch (error) {
      log.warn({ path, reason: errorText(error) }, 'what is known of templates was not written down')
    }
  }
  return {
    save,
    saveIfDue(nowMs) {
      if (nowMs - savedMs < SAVE_EVERY_MS && nowMs >= savedMs) return
      savedMs = nowMs
      save()
    },
  }
}

function parsed(path: string, log: Log): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      log.warn(
        { path, reason: errorText(error) },
        'what was known of templates is not readable; it is learnt anew',
      )
    }
    return undefined
  }
}
