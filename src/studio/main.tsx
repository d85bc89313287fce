import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './studio.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { queryClient } from './query-client.ts'
import { Pages } from './pages.tsx'
import { theme } from './theme.ts'
import { Shell } from './ui/shell.tsx'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
// For what locks scrolling behind a dialog.
setNonce(nonce)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-center" />
      <QueryClientProvider client={queryClient}>
        <Router base="/studio">
          <Shell>
            <Pages />
          </Shell>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
