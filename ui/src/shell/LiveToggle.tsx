import { Button, Tooltip } from '@mantine/core';
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import classes from './LiveToggle.module.css';

interface LiveToggleProps {
  live: boolean;
  /** What the connection is doing, for the tooltip. */
  status: string | null;
  onChange: (live: boolean) => void;
}

/** Follows new events as they arrive. */
export function LiveToggle({ live, status, onChange }: LiveToggleProps) {
  return (
    <Tooltip label={live ? (status ?? 'Live') : 'Follow new events as they arrive'}>
      <Button
        size="xs"
        variant={live ? 'light' : 'default'}
        color={live ? 'red' : 'gray'}
        aria-pressed={live}
        leftSection={
          live ? (
            <span className={classes.pulse} data-connected={status === 'Connected' || undefined} />
          ) : (
            <IconPlayerPlayFilled size={11} />
          )
        }
        rightSection={live ? <IconPlayerStopFilled size={11} /> : null}
        onClick={() => onChange(!live)}
      >
        Live
      </Button>
    </Tooltip>
  );
}
