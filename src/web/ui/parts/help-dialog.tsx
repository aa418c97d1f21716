import { useEffect, useRef } from 'preact/hooks'
import { isHelpOpen } from '../keyboard.ts'
import { NAVIGATION } from '../navigation.ts'
import { useShared } from '../shared-state.ts'
import { Icon } from './icon.tsx'

const KEYS = [
  ['/', 'to the search field'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['n  p', 'next and previous failure of a desktop'],
  ['Esc', 'close, or leave the field'],
  ['?', 'this help'],
] as const

/** The keys of the page. */
export function HelpDialog() {
  const isOpen = useShared(isHelpOpen)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="help-title" onClose={() => isHelpOpen.set(false)}>
      <header class="card-head">
        <h2 id="help-title">Keys</h2>
        <button
          type="button"
          class="button button-quiet"
          aria-label="Close"
          onClick={() => isHelpOpen.set(false)}
        >
          <Icon name="close" />
        </button>
      </header>
      <dl class="keys">
        {KEYS.map(([keys, text]) => (
          <Key key={keys} keys={keys} text={text} />
        ))}
        {NAVIGATION.map(({ key, title }) => (
          <Key key={key} keys={`g  ${key}`} text={title} />
        ))}
      </dl>
      <p class="dim">The address holds the whole view: copy it to share what you see.</p>
    </dialog>
  )
}

function Key({ keys, text }: { readonly keys: string; readonly text: string }) {
  return (
    <>
      <dt>
        {keys.split('  ').map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{text}</dd>
    </>
  )
}
