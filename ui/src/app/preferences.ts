import { useLocalStorage } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';
import { linkedZone, onLinkedZone } from './zone';

/** How this browser likes to see things; nothing here changes what a link shows. */
export function useUtc(): [boolean, (utc: boolean) => void] {
  const [preferred, setPreferred] = usePreference('belfry.utc', false);
  const linked = useSyncExternalStore(onLinkedZone, linkedZone);
  return [linked === null ? preferred : linked === 'utc', setPreferred];
}

export function useWrap(): [boolean, (wrap: boolean) => void] {
  return usePreference('belfry.wrap', false);
}

export function useSidebarOpen(): [boolean, (open: boolean) => void] {
  return usePreference('belfry.sidebar', true);
}

/** The columns of the list that were chosen last; null where none were. */
export function usePreferredColumns(): [string[] | null, (columns: string[] | null) => void] {
  const [value, setValue] = useLocalStorage<string[] | null>({
    key: 'belfry.columns',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return [Array.isArray(value) ? value : null, setValue];
}

function usePreference(key: string, defaultValue: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useLocalStorage({ key, defaultValue, getInitialValueInEffect: false });
  return [value, setValue];
}
