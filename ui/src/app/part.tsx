import { lazy, type ComponentType, type JSX } from 'react';

/** A part of the program that is loaded when it is first shown, below a `Suspense`. */
export interface Part<P> {
  Show: (props: P & JSX.IntrinsicAttributes) => JSX.Element;
  /** Loads it now, so that it is there at once; only before anything is shown. */
  preload: () => Promise<void>;
}

export function part<P extends object>(load: () => Promise<ComponentType<P>>): Part<P> {
  let loaded: ComponentType<P> | null = null;
  const Lazy = lazy(async () => ({ default: await load() }));
  return {
    Show: (props) => {
      const Shown: ComponentType<P> = loaded ?? Lazy;
      return <Shown {...props} />;
    },
    preload: async () => {
      loaded = await load();
    },
  };
}
