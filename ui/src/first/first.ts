/*
 * Runs in the page itself, before the program is loaded: the build writes it into index.html. It shows the
 * frame in the colours that the program will have, and asks the server for what the program needs first.
 */
import { askFirst, foreignPath, mePath, providersPath } from './asked';
import { frameAt, loginFrame } from './frame';

const page = document.documentElement;
const known = page.dataset.session !== 'none';
const { pathname, search } = window.location;

page.dataset.mantineColorScheme = scheme();
if (!known) askFirst([mePath, providersPath]);
else if (pathname === '/' && search === '') askFirst([mePath, foreignPath]);
else askFirst([mePath]);

const root = document.getElementById('root');
if (root) root.innerHTML = known ? frameAt(pathname, fieldsShown()) : loginFrame();

function scheme(): 'light' | 'dark' {
  const chosen = stored('mantine-color-scheme-value');
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function fieldsShown(): boolean {
  return stored('belfry.sidebar') !== 'false';
}

function stored(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}
