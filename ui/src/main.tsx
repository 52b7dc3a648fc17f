import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.layer.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'uplot/dist/uPlot.min.css';
import { App } from './app/App';
import './app/fonts.css';
import './app/global.css';
import { queryClient } from './app/queryClient';
import { cssVariables, theme } from './app/theme';
import { sessionQuery } from './auth/session';
import { foreignPath, takeAsked } from './first/asked';
import { preloadPage } from './shell/Shell';
import { firstPageQuery } from './start/firstPage';

void start();

/* The frame that stands on the screen is replaced when there is more to show than it. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('BUG: no element with id root in index.html');
  await Promise.all([knowPerson(), preloadPage(window.location.pathname)]);
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

/** Who is there, and which page that person sees first; what fails, the pages show. */
async function knowPerson(): Promise<void> {
  const session = await queryClient.query(sessionQuery).catch(() => null);
  const query = firstPageQuery();
  if (!session?.user) {
    // It was asked in the name of nobody.
    void takeAsked(foreignPath);
  } else if (query) {
    await queryClient.query(query).catch(() => null);
  }
}
