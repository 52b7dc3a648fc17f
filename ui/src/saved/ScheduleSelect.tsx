import { Select } from '@mantine/core';

interface ScheduleSelectProps {
  /** How often: `5m`; null: never. */
  value: string | null;
  onChange: (schedule: string | null) => void;
}

const never = 'never';
const choices = [
  { value: never, label: 'Only when it is opened' },
  { value: '1m', label: 'Every minute' },
  { value: '5m', label: 'Every 5 minutes' },
  { value: '15m', label: 'Every 15 minutes' },
  { value: '1h', label: 'Every hour' },
  { value: '1d', label: 'Every day' },
  { value: '7d', label: 'Every week' },
];

/** How often a saved query runs by itself. */
export function ScheduleSelect({ value, onChange }: ScheduleSelectProps) {
  // The API takes others, too.
  const other = value !== null && !choices.some((choice) => choice.value === value);
  return (
    <Select
      label="Run it"
      description="By itself; its last ten answers are kept for you."
      data={other ? [...choices, { value, label: `Every ${value}` }] : choices}
      value={value ?? never}
      allowDeselect={false}
      onChange={(chosen) => onChange(chosen === never ? null : chosen)}
    />
  );
}
