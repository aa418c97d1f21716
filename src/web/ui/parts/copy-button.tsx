import { useState } from 'preact/hooks'
import { after } from '../clock.ts'
import { Icon } from './icon.tsx'

/** Copies a text, and says so for a moment. */
export function CopyButton({
  text,
  title = 'Copy',
  label = '',
}: {
  readonly text: string
  readonly title?: string
  /** Shown next to the icon. */
  readonly label?: string
}) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      setSaid('Select and copy by hand')
    }
    after(1600, () => setSaid(''))
  }
  return (
    <button
      type="button"
      class="button button-small button-quiet"
      aria-label={label === '' ? title : label}
      title={title}
      onClick={() => void copy()}
    >
      <Icon name={said === 'Copied' ? 'check' : 'copy'} size={14} />
      {label !== '' && said === '' && <span>{label}</span>}
      <span role="status">{said}</span>
    </button>
  )
}
