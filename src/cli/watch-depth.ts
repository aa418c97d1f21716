/** Session folders lie so deep below the folders that are watched for hints. */
export const WATCH_DEPTH = 8
