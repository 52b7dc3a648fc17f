import { Button, Popover, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconChevronDown, IconClock, IconZoomOut } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { serverNowMillis } from '../api';
import { useUtc } from '../app/preferences';
import { formatMoment } from '../lib/instant';
import {
  describeRange,
  formatLength,
  moment,
  parseMoment,
  parseRangeText,
  quickRanges,
  resolveRange,
  type ResolvedRange,
  type TimeRange,
} from '../lib/timeRange';
import { MomentInput } from './MomentInput';
import classes from './TimeRangePicker.module.css';

interface TimeRangePickerProps {
  range: TimeRange;
  resolved: ResolvedRange | null;
  onChange: (range: TimeRange) => void;
  onZoomOut: () => void;
}

const recentMax = 4;

/** The range on a button; opened, a list of common ones and fields for any other. */
export function TimeRangePicker({ range, resolved, onChange, onZoomOut }: TimeRangePickerProps) {
  const narrow = useMediaQuery('(max-width: 760px)');
  const [opened, { toggle, close }] = useDisclosure(false);
  const [utc] = useUtc();
  const [recent, setRecent] = useLocalStorage<TimeRange[]>({
    key: 'belfry.recentRanges',
    defaultValue: [],
  });
  const choose = (chosen: TimeRange) => {
    const isQuick = quickRanges.some((q) => q.from === chosen.from && q.to === chosen.to);
    if (!isQuick) {
      const others = recent.filter((r) => r.from !== chosen.from || r.to !== chosen.to);
      setRecent([chosen, ...others].slice(0, recentMax));
    }
    close();
    onChange(chosen);
  };
  return (
    <Button.Group className={classes.group}>
      <Popover
        opened={opened}
        onChange={close}
        position={narrow ? 'bottom-start' : 'bottom-end'}
        trapFocus
        width={narrow ? 'calc(100vw - 20px)' : 470}
        shadow="lg"
      >
        <Popover.Target>
          <Button
            size="xs"
            px={10}
            variant="default"
            className={classes.button}
            leftSection={<IconClock size={15} />}
            rightSection={<IconChevronDown size={13} />}
            onClick={toggle}
            data-shortcut="t"
            aria-label={`Time range: ${describeRange(range, utc)}`}
            title={resolved ? edges(resolved, utc) : undefined}
          >
            {describeRange(range, utc)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <RangeForm range={range} resolved={resolved} recent={recent} onChoose={choose} />
        </Popover.Dropdown>
      </Popover>
      <Tooltip label="Zoom out (Ctrl+Z)">
        <Button size="xs" px={8} variant="default" aria-label="Zoom out" onClick={onZoomOut}>
          <IconZoomOut size={15} />
        </Button>
      </Tooltip>
    </Button.Group>
  );
}

interface RangeFormProps {
  range: TimeRange;
  resolved: ResolvedRange | null;
  recent: TimeRange[];
  onChoose: (range: TimeRange) => void;
}

function RangeForm({ range, resolved, recent, onChoose }: RangeFormProps) {
  const [utc] = useUtc();
  const [from, setFrom] = useState(() => editable(range.from, resolved?.startMillis, utc));
  const [to, setTo] = useState(() => editable(range.to, resolved?.endMillis, utc));
  const typed = { from: moment(from, utc), to: moment(to, utc) };
  const typedRange = resolveRange(typed, serverNowMillis(), utc);
  const problem = typedRange ? null : rangeProblem(from, to, utc);
  return (
    <div className={classes.columns}>
      <form
        className={classes.absolute}
        onSubmit={(submit) => {
          submit.preventDefault();
          if (typedRange) onChoose(typed);
        }}
      >
        <MomentInput label="From" value={from} utc={utc} onChange={setFrom} />
        <MomentInput label="To" value={to} utc={utc} onChange={setTo} />
        <Text size="xs" c={problem ? 'var(--level-error-text)' : 'var(--ink-dim)'}>
          {problem ??
            `${formatLength(typedRange ? typedRange.endMillis - typedRange.startMillis : 0)}, times in ${utc ? 'UTC' : 'local time'}`}
        </Text>
        <Button size="xs" type="submit" disabled={!typedRange}>
          Apply
        </Button>
        {recent.length > 0 && (
          <div>
            <Text size="xs" c="var(--ink-dim)" mt={4} mb={2}>
              Recent
            </Text>
            {recent.map((one) => (
              <UnstyledButton
                key={`${one.from} ${one.to}`}
                className={classes.choice}
                onClick={() => onChoose(one)}
              >
                {describeRange(one, utc)}
              </UnstyledButton>
            ))}
          </div>
        )}
      </form>
      <QuickRanges range={range} onChoose={onChoose} />
    </div>
  );
}

function QuickRanges({ range, onChoose }: Pick<RangeFormProps, 'range' | 'onChoose'>) {
  const [utc] = useUtc();
  const [text, setText] = useState('');
  const typed = useMemo(() => parseRangeText(text, serverNowMillis(), utc), [text, utc]);
  const words = text.trim().toLowerCase();
  const shown = quickRanges.filter((quick) => quick.label.toLowerCase().includes(words));
  const first = typed ?? (words === '' ? undefined : shown[0]);
  return (
    <form
      className={classes.quick}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (first) onChoose({ from: first.from, to: first.to });
      }}
    >
      <TextInput
        size="xs"
        aria-label="Type a range"
        placeholder="45m, 2h, now-1d/d, 2026-03-01 …"
        data-autofocus
        value={text}
        onChange={(change) => setText(change.currentTarget.value)}
      />
      <div className={classes.list}>
        {typed && (
          <UnstyledButton className={classes.choice} data-first onClick={() => onChoose(typed)}>
            {describeRange(typed, utc)} <kbd>Enter</kbd>
          </UnstyledButton>
        )}
        {shown.map((quick) => (
          <UnstyledButton
            key={quick.label}
            className={classes.choice}
            data-active={(quick.from === range.from && quick.to === range.to) || undefined}
            onClick={() => onChoose({ from: quick.from, to: quick.to })}
          >
            {quick.label}
          </UnstyledButton>
        ))}
        {!typed && shown.length === 0 && (
          <Text size="xs" c="var(--ink-dim)" p={8}>
            Not a range. Try <code>90m</code>, <code>now-2h to now-1h</code> or a date.
          </Text>
        )}
      </div>
    </form>
  );
}

function editable(text: string, millis: number | undefined, utc: boolean): string {
  if (text.startsWith('now')) return text;
  return millis === undefined ? text : formatMoment(millis, utc);
}

function rangeProblem(from: string, to: string, utc: boolean): string {
  const now = serverNowMillis();
  const unreadable = [from, to].find((text) => parseMoment(text, now, utc) === null);
  return unreadable === undefined
    ? 'The start is not before the end.'
    : `“${unreadable}” is not a time. Try now-15m or 2026-03-01 14:30.`;
}

function edges(resolved: ResolvedRange, utc: boolean): string {
  return `${formatMoment(resolved.startMillis, utc)} – ${formatMoment(resolved.endMillis, utc)}`;
}
