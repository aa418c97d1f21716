import type { Line } from '../collect/isolated/messages.ts'

/** The connection of a process that reads files to the one that started it. If that one is gone, nobody is left to be told. */
export function lineToParent<Out, In>(): Line<Out, In> {
  return {
    send: (message) => void process.send?.(message, undefined, undefined, () => {}),
    onMessage: (take) => void process.addListener('message', (order) => take(order as In)),
  }
}
