import { fileURLToPath } from 'node:url'

/**
 * Builds the studio's app. `npm ci` runs it; where what only building needs was left out, it says so and goes on:
 * then the folder `.studio` comes from elsewhere, as in the image, or the studio's page tells what to run.
 */
const vite = await import('vite').catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  return null
})
if (vite)
  await vite.build({
    configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  })
else process.stdout.write('The studio is not built here: vite is not installed. See npm run studio:build.\n')
