import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/studio/',
  plugins: [react()],
  build: {
    outDir: here('../../.studio'),
    emptyOutDir: true,
    // The policy allows no data: scripts and no style in the page; small pictures are files like all others.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // `npm run studio:dev`, beside a running `npm start`.
  server: { port: 5173, proxy: { '^/studio/(api|sign-in)': 'http://127.0.0.1:3000' } },
})
