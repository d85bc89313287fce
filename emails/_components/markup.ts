/** `**bold**`, `*italic*` and `[links](https://…)`: all that copy may hold besides words and merge fields. */
export const MARKUP = /\*\*(.+?)\*\*|\*(.+?)\*|\[([^\]]+)\]\((https:\/\/[^)\s]+)\)/g

/** The words of a text, its markup gone. */
export function withoutMarkup(text: string): string {
  return text.replace(
    MARKUP,
    (_, bold?: string, italic?: string, label?: string) => bold ?? italic ?? label ?? '',
  )
}
