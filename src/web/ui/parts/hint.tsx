import { NAVIGATION } from '../navigation.ts'

const LIST = /(\/api\/v1\/[a-z]+)/

/** What to do, in the words of the API; the lists that it names are the pages that show them. */
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
