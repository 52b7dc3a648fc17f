import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Section.module.css';

interface SectionProps {
  title: string;
  about?: ReactNode;
  /** What can be done, at the right. */
  actions?: ReactNode;
  /** As wide as the page is. */
  wide?: boolean;
  children: ReactNode;
}

/** A part of a page under its heading. */
export function Section({ title, about, actions, wide, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title} data-wide={wide ? true : undefined}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h2 className={classes.title}>{title}</h2>
          {about && (
            <Text size="sm" c="var(--ink-dim)">
              {about}
            </Text>
          )}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Figures side by side, each with its name. */
export function Figures({
  figures,
}: {
  figures: { name: string; value: ReactNode; more?: ReactNode }[];
}) {
  return (
    <dl className={classes.figures}>
      {figures.map(({ name, value, more }) => (
        <div key={name} className={classes.figure}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {more && <dd className={classes.more}>{more}</dd>}
        </div>
      ))}
    </dl>
  );
}
