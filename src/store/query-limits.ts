/**
 * Limits for the SETTINGS clause of queries: time (s), memory (bytes) and, where it matters, rows and threads. Every query
 * needs them, since it keeps running after its client has gone.
 */

/** For questions that people ask. */
export const QUESTION_LIMITS =
  "max_execution_time = 60, max_memory_usage = 4000000000, max_result_rows = 1000000, result_overflow_mode = 'throw'"

/** For questions over all events, which may return more rows than people read. */
export const SUMMARY_LIMITS = 'max_execution_time = 60, max_memory_usage = 4000000000'

/** For commands that read everything that is stored. */
export const BULK_LIMITS = 'max_execution_time = 300, max_memory_usage = 4000000000'

/** For the evaluation of alerts, which must not disturb writing. */
export const EVALUATION_LIMITS = 'max_execution_time = 20, max_memory_usage = 2000000000, max_threads = 2'

/**
 * For questions of which the summaries in the parts of `lines` hold little more than the answer: several threads would each open
 * their share of the parts, which costs half as much again and is no sooner done.
 */
export const BY_SUMMARY = 'max_threads = 1'

/**
 * Where an index finds a few rows of events: projections are without indexes, but would be read instead as soon as a time is asked
 * for.
 */
export const BY_INDEX = 'optimize_use_projections = 0'
