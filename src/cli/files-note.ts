/** What is said of files that were not read because nothing tells that they are logs; '' if there is nothing to say. */
export function filesNote(read: number, passedOver: number): string {
  const others = `${passedOver.toLocaleString('en')} ${passedOver === 1 ? 'file' : 'files'} passed over: not known as logs`
  if (read === 0)
    return `No logs here${passedOver > 0 ? `; ${others}` : ''}. A file that is named itself is read.\n`
  return passedOver > 0 ? `${others}\n` : ''
}
