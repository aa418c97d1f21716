import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { errorCode, usageError } from './errors.ts'
import { PACKAGE_FOLDER } from './program-folder.ts'
import { faultText, parseYaml } from './yaml-file.ts'

const MIB = 1024 * 1024

/** Checked here, where the file and the line are known; files of a source may turn up much later. */
const zoneName = z.string().refine(isTimeZone, {
  error: ({ input }) => `"${String(input)}" is not a time zone: use a name such as UTC or Europe/Paris`,
})

/** Settings of `--config FILE`; what is not said has the value shown here. */
const configSchema = z.strictObject({
  /** Embedded store, journal and checkpoints. */
  data: z.string().min(1).default('./data'),
  /** Address of a ClickHouse server; without it the embedded engine is used. */
  store: z.url({ protocol: /^https?$/, error: 'must be like http://user:password@host:8123' }).optional(),
  /** Folder that stands for `/` when the default locations are looked for. */
  root: z.string().min(1).optional(),
  /** The host of logs whose path names none; without it that is this machine's name, or none with `root`. */
  machine: z.string().min(1).optional(),
  /** Folders with more layouts, formats, signatures and alerts. */
  rules: z.array(z.string().min(1)).default([]),
  /** Zone of the local times of a source, by its name; `default` for all others. */
  zones: z.record(z.string(), zoneName).default({}),
  /** Longest text of one record, bytes. */
  maxRecordBytes: z
    .number()
    .int()
    .min(1024)
    .max(16 * MIB)
    .default(MIB),
  /** Bytes of the journal that may wait for the store. */
  journalBytes: z
    .number()
    .int()
    .min(64 * MIB)
    .default(1024 * MIB),
  /** Age at which rows are stored even if the batch is small, ms. */
  batchMs: z.number().int().min(100).max(60_000).default(1000),
  /** Folders to be read like network file systems: by a process of its own, which may hang. */
  networkFolders: z.array(z.string().min(1)).default([]),
  /** A process that reads a network file system and does not answer for so long is replaced, ms. */
  networkDeadlineMs: z.number().int().min(1000).default(30_000),
  /** How often the watched locations are scanned for new files, ms. */
  scanMs: z.number().int().min(200).default(5000),
  /** A record is stored without waiting for more of it after this much silence, ms. */
  flushMs: z.number().int().min(100).default(500),
  /** A line without its newline is stored after this much silence, ms. */
  lineFlushMs: z.number().int().min(100).default(5000),
  /** Who may ask `serve`. Required if it listens on an address that other machines can reach. */
  auth: z
    .strictObject({
      /** Names and bcrypt hashes, as `htpasswd -B` writes them. */
      usersFile: z.string().min(1).optional(),
      /** A file that holds a token for programs. */
      tokenFile: z.string().min(1).optional(),
      /** The variable of the environment that holds it. */
      tokenEnv: z.string().min(1).optional(),
    })
    .refine((auth) => Object.values(auth).some((value) => value !== undefined), {
      error: 'must have usersFile, tokenFile or tokenEnv',
    })
    .optional(),
  /** Asks the addresses of desktops whether they answer. */
  probe: z
    .strictObject({
      /** `https://LOAD-BALANCER`; a desktop is asked at its host's name below it. */
      loadBalancer: z.url({ protocol: /^https$/, error: 'must be like https://viewer.example.com' }),
      everyMinutes: z.number().min(1).max(1440).default(5),
    })
    .optional(),
  /** What comes up in so many hours after the first line of its kind of log and product generation is usual, not new. */
  learnHours: z.number().min(0).max(8760).default(24),
  /** Names under which a proxy in front is reached. */
  publicHosts: z.array(z.string().min(1)).default([]),
  /** File that says who is told of alerts, and how; its path counts from this file's folder. */
  alerting: z.string().min(1).optional(),
  /** What the program tells of itself on stderr. */
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** How `serve` and `agent` tell it: text at a terminal and JSON elsewhere, or always one of both. */
  logFormat: z.enum(['auto', 'text', 'json']).default('auto'),
})

export type Config = z.infer<typeof configSchema>

/** Options of the command line that overrule the file. */
export type ConfigOverrides = {
  readonly data?: string | undefined
  readonly store?: string | undefined
  readonly root?: string | undefined
  readonly rules?: readonly string[] | undefined
}

/** Reads `--config FILE` (if named) and puts the options of the command line over it. Throws a usage error that names every fault. */
export function loadConfig(file: string | undefined, overrides: ConfigOverrides): Config {
  const fromFile = file === undefined ? configSchema.parse({}) : readConfig(file)
  const { data, store, root } = overrides
  const given = Object.fromEntries(
    Object.entries({ data, store, root }).filter(([, value]) => value !== undefined),
  )
  const merged = configSchema.safeParse({
    ...fromFile,
    ...given,
    rules: [...fromFile.rules, ...(overrides.rules ?? [])],
  })
  if (merged.success) return withWholeRoot(merged.data)
  const [issue] = merged.error.issues
  throw usageError(
    'E_OPTION',
    `--${String(issue?.path[0])} ${issue?.code === 'too_small' ? 'must not be empty' : issue?.message}`,
    'Give it another value, or leave it out for the default.',
  )
}

/** Throws a usage error if the folder that stands for `/` is not there: nothing would be found below it, and nothing said. */
export function checkRoot({ root }: Config): void {
  if (root === undefined || statSync(root, { throwIfNoEntry: false })?.isDirectory()) return
  throw usageError(
    'E_NO_SUCH_PATH',
    `--root ${root} does not exist or is not a folder`,
    'Name the folder that stands for / of the copied tree.',
  )
}

/** Paths of files are compared with it, and those are absolute. */
function withWholeRoot(config: Config): Config {
  return config.root === undefined ? config : { ...config, root: resolve(config.root) }
}

/** The shipped rules. */
export const RULES_FOLDER = join(PACKAGE_FOLDER, 'rules')

const RULE_FOLDERS = ['layouts', 'formats', 'signatures', 'alerts']

/** Shipped rules first, then those the operator adds. Throws a usage error for a folder that holds none. */
export function ruleFolders(config: Config): string[] {
  const without = config.rules.find((dir) => !RULE_FOLDERS.some((name) => existsSync(join(dir, name))))
  if (without === undefined) return [RULES_FOLDER, ...config.rules]
  const names = RULE_FOLDERS.join(', ')
  throw usageError(
    'E_NO_RULES',
    existsSync(without) ? `no folder ${names} in ${without}` : `${without} does not exist`,
    `A folder of rules has at least one of the folders ${names}: name the one that holds them.`,
  )
}

/** The zone of the local times of a source. */
export function zoneOf(config: Config, source: string): string {
  return config.zones[source] ?? config.zones['default'] ?? 'UTC'
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function readConfig(file: string): Config {
  // A file without a key, of comments alone, says nothing: all defaults count.
  const parsed = parseYaml(
    file,
    readText(file),
    z.preprocess((value) => value ?? {}, configSchema),
  )
  if (parsed.ok) {
    const { alerting } = parsed.value
    return alerting === undefined
      ? parsed.value
      : { ...parsed.value, alerting: resolve(dirname(file), alerting) }
  }
  throw usageError(
    'E_CONFIG',
    parsed.faults.map(faultText).join('\n'),
    'Correct the file; deploy/dcvlens.example.yaml shows every key.',
  )
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(
      'E_CONFIG',
      `${file} cannot be read (${errorCode(error)})`,
      'Check the path given with --config.',
    )
  }
}
