import { visible } from '../../../triage/visible.ts'
import { CopyButton } from './copy-button.tsx'

/** What to do, step by step; commands can be copied. */
export function Steps({ steps }: { readonly steps: readonly string[] }) {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step}>
          <Prose text={step} />
        </li>
      ))}
    </ol>
  )
}

/** Text in which backticks mark commands and names. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <span class="prose">
      {visible(text)
        .split('`')
        .map((part, i) => (i % 2 === 0 ? part : <Command key={part} text={part} />))}
    </span>
  )
}

function Command({ text }: { readonly text: string }) {
  const isCommand = text.includes(' ')
  return (
    <span class="command">
      <code>{text}</code>
      {isCommand && <CopyButton text={text} title={`Copy ${text}`} />}
    </span>
  )
}
