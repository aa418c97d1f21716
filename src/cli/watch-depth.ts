/** How deep the folders of sessions lie below the watched folders. */
export const WATCH_DEPTH = 8
