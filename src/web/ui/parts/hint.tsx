import { NAVIGATION } from '../navigation.ts'

const LIST = /(\/api\/v1\/[a-z]+)/

/**
 * A hint of the API as the page shows it: an address such as `/api/v1/sessions` becomes a link to the page with that list.
 */
export function Hint({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(LIST).map((part) => {
        const page = NAVIGATION.find(({ path }) => part === `/api/v1${path}`)
        return page === undefined ? (
          part
        ) : (
          <a key={part} href={page.path}>
            {page.title}
          </a>
        )
      })}
    </>
  )
}
