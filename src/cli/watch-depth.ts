/** How deep the folders of sessions lie below the folders that are watched for hints. */
export const WATCH_DEPTH = 8
