import { useMail } from './mail-context.ts'
import { Picture } from './picture.tsx'

/** The drawing that opens a lesson. */
export function LessonArt() {
  const { copy } = useMail()
  return <Picture name={copy.art.drawing} alt={copy.art.alt} />
}
