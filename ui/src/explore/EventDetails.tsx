import {
  ActionIcon,
  Button,
  Group,
  Menu,
  SegmentedControl,
  Skeleton,
  Tooltip,
} from '@mantine/core';
import {
  IconChevronDown,
  IconChevronUp,
  IconDots,
  IconFilter,
  IconFilterOff,
  IconLink,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { BelfryEvent } from '../api';
import { CopyButton } from '../app/CopyButton';
import { ErrorPanel } from '../app/ErrorPanel';
import { excludeFilter, filterField, includeFilter } from '../lib/filters';
import { flatten, leafText, type Leaf } from '../lib/flatten';
import { formatAgo, formatCount } from '../lib/format';
import { formatTimestamp, parseInstant } from '../lib/instant';
import { fixedRange, type ResolvedRange } from '../lib/timeRange';
import { formatUrl } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import classes from './EventDetails.module.css';
import { Highlighted } from './Highlighted';
import { JsonView } from './JsonView';
import { LevelBadge } from './LevelBadge';
import { change, type View } from './store';

interface EventDetailsProps {
  event: BelfryEvent | undefined;
  error: Error | null;
  view: View;
  resolved: ResolvedRange | null;
  terms: string[];
  utc: boolean;
  onRetry: () => void;
  onClose: () => void;
  onStep: (rows: 1 | -1) => void;
}

/** Everything that is known of one event, beside the list. */
export function EventDetails(props: EventDetailsProps) {
  const { event, error, view, resolved, onClose, onStep, onRetry } = props;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, []);
  const link = () => {
    const range = resolved ? fixedRange(resolved) : view.state.range;
    const state = { ...view.state, range, live: false, refreshSeconds: 0 };
    return window.location.origin + window.location.pathname + formatUrl(state);
  };
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
          <CopyButton label="Copy a permanent link" icon={IconLink} text={link} size={28} />
          {event && <MoreMenu event={event} />}
          <Step label="Close (Esc)" icon={<IconX size={16} />} onStep={onClose} />
        </Group>
      </div>
      {error && !event && <ErrorPanel error={error} onRetry={onRetry} />}
      {!event && !error && <Skeleton m={16} height={180} w="auto" />}
      {event && <Body {...props} event={event} />}
    </aside>
  );
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
  const { trace_id: traceId } = event;
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
        {traceId && (
          <>
            <Menu.Divider />
            <Menu.Item
              onClick={() => change({ q: '', filters: [{ field: 'trace_id', value: traceId }] })}
            >
              Events of the same trace
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Body({ event, view, terms, utc }: EventDetailsProps & { event: BelfryEvent }) {
  const [shown, setShown] = useState('fields');
  const json = () => JSON.stringify(event, null, 2);
  const instant = parseInstant(event.timestamp);
  return (
    <div className={classes.body}>
      <div className={classes.when}>
        {formatTimestamp(event.timestamp, { utc, detail: 'nanos' })} {utc ? 'UTC' : ''}
        {instant && <span> · {formatAgo(instant.epochMillis, view.nowMillis)}</span>}
      </div>
      {event.message && (
        <div className={classes.message}>
          <LongText key={event.id} text={event.message} terms={terms} />
          <CopyButton label="Copy the message" text={() => event.message ?? ''} />
        </div>
      )}
      <Group justify="space-between" mt={14} mb={6}>
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={[
            { value: 'fields', label: 'Fields' },
            { value: 'json', label: 'JSON' },
          ]}
          value={shown}
          onChange={setShown}
        />
        <CopyButton label="Copy as JSON" text={json} size={26} />
      </Group>
      {shown === 'json' ? (
        <JsonView text={json()} />
      ) : (
        <>
          <Leaves title="Tags" prefix="tags." leaves={flatten(event.tags)} view={view} />
          <Leaves title="Payload" prefix="payload." leaves={flatten(event.payload)} view={view} />
          <Leaves title="Event" prefix="" leaves={ownFields(event)} view={view} />
        </>
      )}
    </div>
  );
}

/* What a browser lays out at once without a pause. */
const messageCharsMax = 20_000;

function LongText({ text, terms }: { text: string; terms: string[] }) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && text.length > messageCharsMax;
  return (
    // It scrolls, so that it must be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} aria-label="Message">
      <Highlighted text={cut ? clipText(text, messageCharsMax) : text} terms={terms} />
      {cut && (
        <Button size="compact-xs" variant="light" onClick={() => setWhole(true)}>
          Show all {formatCount(text.length)} characters
        </Button>
      )}
    </pre>
  );
}

interface LeavesProps {
  title: string;
  prefix: string;
  leaves: Leaf[];
  view: View;
}

function Leaves({ title, prefix, leaves, view }: LeavesProps) {
  if (leaves.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      <dl className={classes.leaves}>
        {leaves.map((leaf) => (
          <LeafRow key={leaf.path} name={prefix + leaf.path} leaf={leaf} view={view} />
        ))}
      </dl>
    </section>
  );
}

function LeafRow({ name, leaf, view }: { name: string; leaf: Leaf; view: View }) {
  const text = leafText(leaf.value);
  const field = filterField(name);
  const { filters } = view.state;
  const filterable =
    field !== null && text !== '' && text.length <= valueCharsMax && typeof leaf.value !== 'object';
  return (
    <div className={classes.leaf}>
      <dt title={visibleText(name)}>{visibleText(clipText(leaf.path, 200))}</dt>
      <dd>
        <span className={classes.text} data-type={leaf.value === null ? 'null' : typeof leaf.value}>
          {visibleText(clipText(text, messageCharsMax))}
        </span>
        <span className={classes.actions}>
          {filterable && (
            <>
              <LeafAction
                label={`Filter for ${visibleText(`${field} = ${clipText(text, 80)}`)}`}
                icon={<IconFilter size={14} />}
                onPress={() => change({ filters: includeFilter(filters, { field, value: text }) })}
              />
              <LeafAction
                label={`Filter out ${visibleText(`${field} = ${clipText(text, 80)}`)}`}
                icon={<IconFilterOff size={14} />}
                onPress={() => change({ filters: excludeFilter(filters, { field, value: text }) })}
              />
            </>
          )}
          <CopyButton label={`Copy ${visibleText(clipText(leaf.path, 80))}`} text={() => text} />
        </span>
      </dd>
    </div>
  );
}

/* Longer ones make a URL that no server takes. */
const valueCharsMax = 2000;

interface LeafActionProps {
  label: string;
  icon: ReactNode;
  onPress: () => void;
}

function LeafAction({ label, icon, onPress }: LeafActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={onPress}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

const shownElsewhere = ['message', 'tags', 'payload'];

/** The event's own columns, without what stands above and what is empty. */
function ownFields(event: BelfryEvent): Leaf[] {
  return Object.entries(event)
    .filter(([key, value]) => !shownElsewhere.includes(key) && value !== null && value !== '')
    .flatMap(([key, value]) => flatten(value, key));
}
