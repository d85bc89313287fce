import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutants.ts'

type Esbuild = {
  build(options: Record<string, unknown>): Promise<unknown>
}
type Plugin = {
  onLoad(
    filter: { filter: RegExp },
    load: (file: { path: string }) => Promise<{ contents: string; loader: string } | undefined>,
  ): void
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)

/**
 * Builds the child into one file: hundreds of them are started, and 3 s of imports each would be most of a run.
 * tsx brings esbuild along. A mutant's edits are made on the way, and each must fit exactly once.
 */
export async function bundleWorker(file: string, mutant: Mutant | null): Promise<void> {
  const esbuild = createRequire(require.resolve('tsx/package.json'))('esbuild') as Esbuild
  const left = new Set([...(mutant?.edits ?? []), ...(mutant?.harmless ?? [])])
  const mutate = {
    name: 'mutate',
    setup: (plugin: Plugin) =>
      plugin.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const edits = [...left].filter((edit) => join(root, edit.file) === path)
        if (edits.length === 0) return undefined
        let contents = await readFile(path, 'utf8')
        for (const edit of edits) {
          if (contents.split(edit.find).length !== 2)
            throw new Error(
              `Mutant ${mutant!.name}: ${relative(root, path)} does not hold once: ${edit.find}`,
            )
          contents = contents.replace(edit.find, () => edit.replace)
          left.delete(edit)
        }
        return { contents, loader: 'ts' }
      }),
  }
  await esbuild.build({
    entryPoints: [join(root, 'tests/crash/worker.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    logLevel: 'silent',
    // These read files of their own, or are watched: they stay what they are.
    external: ['bullmq', 'ioredis', 'pg', 'pino'],
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    plugins: [mutate],
  })
  if (left.size > 0)
    throw new Error(`Mutant ${mutant!.name}: ${[...left][0]!.file} is not part of the worker`)
}
