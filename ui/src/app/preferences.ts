import { useLocalStorage } from '@mantine/hooks';

/** How this browser likes to see things; nothing here changes what a link shows. */
export function useUtc(): [boolean, (utc: boolean) => void] {
  return usePreference('belfry.utc', false);
}

export function useWrap(): [boolean, (wrap: boolean) => void] {
  return usePreference('belfry.wrap', false);
}

export function useSidebarOpen(): [boolean, (open: boolean) => void] {
  return usePreference('belfry.sidebar', true);
}

function usePreference(key: string, defaultValue: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useLocalStorage({ key, defaultValue, getInitialValueInEffect: false });
  return [value, setValue];
}
