import type { ReactNode } from 'react';
import { visibleText } from '../lib/visible';
import classes from './Chart.module.css';

export interface HoverLine {
  name: string;
  color: string | null;
  value: string;
  /** The series that the pointer is nearest to. */
  near?: boolean;
}

interface HoverCardProps {
  when: ReactNode;
  lines: HoverLine[];
  /** Where the pointer is, and how wide the chart. */
  left: number;
  width: number;
}

/** What a chart has at the pointer's time, on the side where there is room. */
export function HoverCard({ when, lines, left, width }: HoverCardProps) {
  const toLeft = left > width - 210;
  return (
    <div
      className={classes.hover}
      style={toLeft ? { right: width - left + 12 } : { left: left + 12 }}
    >
      <div className={classes.when}>{when}</div>
      {lines.map(({ name, color, value, near }) => (
        <div key={name} className={classes.count} data-near={near === true ? true : undefined}>
          {color && <i style={{ background: color }} />}
          <span className={classes.name}>{visibleText(name)}</span>
          <b>{value}</b>
        </div>
      ))}
    </div>
  );
}
