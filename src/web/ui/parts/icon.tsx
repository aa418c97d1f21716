/** The strokes of each icon, on a grid of 16 × 16. */
const PATHS: Readonly<Record<string, string>> = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  error: 'M8 4v5M8 11.6v.2',
  warning: 'M8 2.5l6 11H2zM8 7v3M8 11.8v.1',
  hourglass: 'M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3.5 6 3.5 6 0M5 13.5c0-6 6-6 6 0M5.8 5.2l4.4 5.6',
  progress: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  stop: 'M4.5 4.5h7v7h-7z',
  question: 'M5.8 6a2.2 2.2 0 1 1 3 2c-.6.3-.8.7-.8 1.4M8 11.8v.1',
  skip: 'M3.5 8h9',
  dot: 'M8 7.4v1.2',
  spark: 'M8 2.5v3M8 10.5v3M2.5 8h3M10.5 8h3M4.2 4.2l2 2M9.8 9.8l2 2M11.8 4.2l-2 2M6.2 9.8l-2 2',
  back: 'M6 3.5L2.5 7 6 10.5M2.5 7H10a3.5 3.5 0 0 1 0 7H7',
  eye: 'M1.8 8S4 4 8 4s6.2 4 6.2 4-2.2 4-6.2 4S1.8 8 1.8 8zM8 6.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z',
  book: 'M3 3.5h4.2c.5 0 .8.3.8.8v8.7c0-.6-.5-1-1.1-1H3zM13 3.5H8.8c-.5 0-.8.3-.8.8v8.7c0-.6.5-1 1.1-1H13z',
  mute: 'M3 3l10 10M5.5 5.4c-.6.8-1 1.6-1 2.6 0 2-.8 3-1.5 3.5h8M7 3.3c2.5-.6 4.5 1.2 4.5 4.200v1.200M7 13.500h2',
  bell: 'M4.5 11.500c.8-.7 1-1.7 1-4a2.5 2.5 0 0 1 5 0c0 2.3.2 3.3 1 4zM7 13.500h2M8 3.500v1.5',
  search: 'M7 2.800a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.400zM10.2 10.200l3.3 3.3',
  overview: 'M2.5 13.500v-4h3v4M6.5 13.500v-8h3v8M10.5 13.500v-11h3v11',
  sessions: 'M2 3.500h12v7.500H2zM5.5 13.500h5M8 11v2.5',
  signatures: 'M3 4h10M3 8h6M3 12h8M12 8h1',
  rules: 'M4 2.500h8v11H4zM6 5.500h4M6 8h4M6 10.500h2',
  status: 'M1.8 8.500h2.700l1.8-5 3 9 1.9-5.5.8 1.500h2.2',
  sun: 'M8 5.200a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.600zM8 1.500v1.200M8 13.300v1.200M1.5 8h1.200M13.3 8h1.200M3.4 3.400l.9.9M11.7 11.700l.9.9M12.6 3.400l-.9.9M4.3 11.700l-.9.9',
  moon: 'M13 9.500A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.500z',
  copy: 'M5.5 5.500v-3h8v8h-3M2.5 5.500h8v8h-8z',
  link: 'M6.5 9.500l3-3M7 4.500l1.5-1.500a2.8 2.8 0 0 1 4 4L11 8.500M9 11.500L7.5 13a2.8 2.8 0 0 1-4-4L5 7.5',
  download: 'M8 2.500v7.500M4.8 7l3.2 3.200L11.2 7M3 13.500h10',
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M6 3.500L10.5 8 6 12.5',
  pause: 'M5.5 3.500v9M10.5 3.500v9',
  play: 'M5 3l8 5-8 5z',
  reboot: 'M12.5 5.500A5.2 5.2 0 1 0 13.2 8M12.8 2.500v3.200H9.6',
  flag: 'M4 14V2.500M4 3h8l-1.8 2.800L12 8.500H4',
  compare: 'M5 2.500v11M11 2.500v11M2.5 5.500L5 2.500l2.5 3M8.5 10.500l2.5 3 2.5-3',
}

/** A small icon; it adds nothing to the word next to it. */
export function Icon({ name, size = 16 }: { readonly name: string; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name] ?? PATHS['dot'] ?? ''} />
    </svg>
  )
}
