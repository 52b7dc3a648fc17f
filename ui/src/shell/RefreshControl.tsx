import { Button, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconChevronDown, IconRefresh } from '@tabler/icons-react';
import { refreshChoices } from '../lib/urlState';
import classes from './RefreshControl.module.css';

interface RefreshControlProps {
  busy: boolean;
  seconds: number;
  /** A live tail needs no refreshing. */
  live?: boolean;
  onRefresh: () => void;
  onSeconds: (seconds: number) => void;
}

/** Runs the queries again, now or every few seconds. */
export function RefreshControl(props: RefreshControlProps) {
  const { busy, seconds, live = false, onRefresh, onSeconds } = props;
  return (
    <Button.Group>
      <Tooltip label="Refresh (r)">
        <Button
          size="xs"
          px={8}
          variant="default"
          aria-label="Refresh"
          aria-busy={busy}
          onClick={onRefresh}
        >
          <IconRefresh size={15} className={busy ? classes.spinning : undefined} />
        </Button>
      </Tooltip>
      <Menu position="bottom-end" width={150}>
        <Menu.Target>
          <Button
            size="xs"
            px={7}
            variant="default"
            disabled={live}
            aria-label={`Refresh interval: ${choiceLabel(seconds)}`}
          >
            {seconds > 0 && !live ? choiceLabel(seconds) : null}
            <IconChevronDown size={13} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Refresh every</Menu.Label>
          {refreshChoices.map((choice) => (
            <Menu.Item
              key={choice}
              rightSection={choice === seconds ? <IconCheck size={14} /> : null}
              onClick={() => onSeconds(choice)}
            >
              {choiceLabel(choice)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}

function choiceLabel(seconds: number): string {
  if (seconds === 0) return 'Off';
  return seconds < 60 ? `${seconds}s` : `${seconds / 60}m`;
}
