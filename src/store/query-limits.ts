/**
 * Bounds for the SETTINGS clause of queries: time (s) and memory (bytes), where it matters rows and threads. An aborted query
 * runs on, so each must have them.
 */

/** Of questions that people ask. */
export const QUESTION_LIMITS =
  "max_execution_time = 60, max_memory_usage = 4000000000, max_result_rows = 1000000, result_overflow_mode = 'throw'"

/** Of questions over all events, which may give more rows than people read. */
export const SUMMARY_LIMITS = 'max_execution_time = 60, max_memory_usage = 4000000000'

/** Of commands that go through all that is stored. */
export const BULK_LIMITS = 'max_execution_time = 300, max_memory_usage = 4000000000'

/** Of the evaluation of alerts, which must never be in the way of the writing. */
export const EVALUATION_LIMITS = 'max_execution_time = 20, max_memory_usage = 2000000000, max_threads = 2'
