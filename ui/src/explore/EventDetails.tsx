import { ActionIcon, Group, Menu, Skeleton, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconDots, IconLink, IconX } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { BelfryEvent } from '../api';
import { CopyButton } from '../app/CopyButton';
import { ErrorPanel } from '../app/ErrorPanel';
import { navigate } from '../app/router';
import type { Filter } from '../lib/filters';
import { parseInstant } from '../lib/instant';
import { eventPath } from '../lib/pages';
import { fixedRange } from '../lib/timeRange';
import { visibleText } from '../lib/visible';
import { EventBody } from './EventBody';
import classes from './EventDetails.module.css';
import { LevelBadge } from './LevelBadge';
import { change, type View } from './store';

interface EventDetailsProps {
  event: BelfryEvent | undefined;
  error: Error | null;
  view: View;
  terms: string[];
  columns: string[];
  onColumns: (columns: string[]) => void;
  utc: boolean;
  onRetry: () => void;
  onClose: () => void;
  onStep: (rows: 1 | -1) => void;
}

/** Everything that is known of one event, beside the list. */
export default function EventDetails(props: EventDetailsProps) {
  const { event, error, view, columns, onColumns, onClose, onStep, onRetry } = props;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, []);
  return (
    <aside ref={panel} tabIndex={-1} className={classes.panel} aria-label="Event details">
      <div className={classes.head}>
        {event && <LevelBadge level={event.level} />}
        <span className={classes.source}>{event && visibleText(event.source)}</span>
        <Group gap={2} wrap="nowrap" ml="auto">
          <Step
            label="Previous event (k)"
            icon={<IconChevronUp size={16} />}
            onStep={() => onStep(-1)}
          />
          <Step
            label="Next event (j)"
            icon={<IconChevronDown size={16} />}
            onStep={() => onStep(1)}
          />
          {event && (
            <>
              <CopyButton
                label="Copy a permanent link"
                icon={IconLink}
                text={() => window.location.origin + eventPath(event.id)}
                size={28}
              />
              <MoreMenu event={event} />
            </>
          )}
          <Step label="Close (Esc)" icon={<IconX size={16} />} onStep={onClose} />
        </Group>
      </div>
      {error && !event && <ErrorPanel error={error} onRetry={onRetry} />}
      {!event && !error && <Skeleton m={16} height={180} w="auto" />}
      {event && (
        <div className={classes.body}>
          <EventBody
            event={event}
            terms={props.terms}
            utc={props.utc}
            nowMillis={view.nowMillis}
            filters={view.state.filters}
            columns={columns}
            onFilters={(filters) => change({ filters })}
            onOnly={(filter) => onlyThis(view, filter)}
            onColumns={onColumns}
            onOpen={(eventId) => change({ eventId })}
          />
        </div>
      )}
    </aside>
  );
}

/** Everything that has this value, whatever else was asked for; more time where it is short. */
function onlyThis({ state }: View, filter: Filter): void {
  change({ q: '', query: null, tab: 'events', filters: [filter], live: false, range: state.range });
}

interface StepProps {
  label: string;
  icon: ReactNode;
  onStep: () => void;
}

function Step({ label, icon, onStep }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={label} onClick={onStep}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function MoreMenu({ event }: { event: BelfryEvent }) {
  const around = (millis: number) => {
    const instant = parseInstant(event.timestamp);
    if (!instant) return;
    const range = fixedRange({
      startMillis: instant.epochMillis - millis,
      endMillis: instant.epochMillis + millis,
    });
    change({ range, q: '', live: false, filters: [{ field: 'source', value: event.source }] });
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label="More actions">
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Around this event, same source</Menu.Label>
        <Menu.Item onClick={() => around(10_000)}>10 seconds before and after</Menu.Item>
        <Menu.Item onClick={() => around(60_000)}>1 minute before and after</Menu.Item>
        <Menu.Item onClick={() => around(600_000)}>10 minutes before and after</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => navigate(eventPath(event.id))}>
          Open on a page of its own
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
