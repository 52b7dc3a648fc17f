import type { ReactNode } from 'react';
import classes from './StateTag.module.css';

interface StateTagProps {
  tone: 'good' | 'warn' | 'bad' | 'dim';
  children: ReactNode;
}

/** A state in a word, in a colour that can be read in light and dark. */
export function StateTag({ tone, children }: StateTagProps) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
