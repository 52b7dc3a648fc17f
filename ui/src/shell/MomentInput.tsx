import { ActionIcon, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useRef } from 'react';
import { formatMoment } from '../lib/instant';
import { parseMoment } from '../lib/timeRange';
import classes from './TimeRangePicker.module.css';

interface MomentInputProps {
  label: string;
  value: string;
  utc: boolean;
  onChange: (value: string) => void;
}

/** A field for a moment: typed, or taken from the browser's own calendar. */
export function MomentInput({ label, value, utc, onChange }: MomentInputProps) {
  const calendar = useRef<HTMLInputElement>(null);
  const openCalendar = () => {
    const input = calendar.current;
    if (!input) return;
    const millis = parseMoment(value, Date.now(), utc);
    if (millis !== null) input.value = formatMoment(millis, utc).slice(0, 16).replace(' ', 'T');
    input.showPicker();
  };
  return (
    <div className={classes.moment}>
      <TextInput
        size="xs"
        label={label}
        value={value}
        spellCheck={false}
        onChange={(change) => onChange(change.currentTarget.value)}
        rightSection={
          <ActionIcon
            variant="subtle"
            color="gray"
            size={22}
            aria-label={`${label}: open the calendar`}
            onClick={openCalendar}
          >
            <IconCalendar size={14} />
          </ActionIcon>
        }
      />
      <input
        ref={calendar}
        className={classes.calendar}
        type="datetime-local"
        tabIndex={-1}
        aria-hidden
        onChange={(change) => onChange(change.currentTarget.value.replace('T', ' '))}
      />
    </div>
  );
}
