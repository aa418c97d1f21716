/** The state of a desktop as a whole. */
export const STATUSES = ['ready', 'failed', 'stalled', 'in_progress', 'stopped', 'unknown'] as const
export type Status = (typeof STATUSES)[number]
