/** Every value that an option was given, of which the parser keeps the last alone. */
export function everyValue(rawArgs: readonly string[], option: string): string[] {
  return rawArgs.flatMap((word, index) =>
    word === option
      ? [rawArgs[index + 1] ?? '']
      : word.startsWith(`${option}=`)
        ? [word.slice(option.length + 1)]
        : [],
  )
}
