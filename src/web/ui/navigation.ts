/** The places of the navigation, in order. */
export const NAVIGATION = [
  { path: '/', title: 'Overview', icon: 'overview', key: 'o' },
  { path: '/sessions', title: 'Sessions', icon: 'sessions', key: 's' },
  { path: '/signatures', title: 'Signatures', icon: 'signatures', key: 'n' },
  { path: '/search', title: 'Search', icon: 'search', key: 'f' },
  { path: '/alerts', title: 'Alerts', icon: 'bell', key: 'a' },
  { path: '/rules', title: 'Rules', icon: 'rules', key: 'r' },
  { path: '/status', title: 'Status', icon: 'status', key: 'h' },
] as const
