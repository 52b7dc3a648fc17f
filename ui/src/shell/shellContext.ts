import { createContext, use } from 'react';
import type { User } from '../api';

interface ShellParts {
  user: User;
  openHelp: () => void;
  openPalette: () => void;
}

export const ShellContext = createContext<ShellParts | null>(null);

/** Who is logged in, and the sheets that every page can open. */
export function useShell(): ShellParts {
  const parts = use(ShellContext);
  if (!parts) throw new Error('BUG: a page outside of the shell');
  return parts;
}
