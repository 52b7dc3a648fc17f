import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { exportUrl } from '../api';
import type { ResolvedRange } from '../lib/timeRange';
import { conditionParams, type ExploreState } from '../lib/urlState';

interface ExportMenuProps {
  state: ExploreState;
  columns: string[];
  range: ResolvedRange | null | undefined;
}

/** All events that match, as a file: not only those that the list has read. */
export function ExportMenu({ state, columns, range }: ExportMenuProps) {
  const href = (format: 'csv' | 'ndjson') =>
    range
      ? exportUrl(conditionParams(state).toString(), range, format, columns, state.order)
      : undefined;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          disabled={!range}
          leftSection={<IconDownload size={14} />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>What matches, 100,000 events at most</Menu.Label>
        <Menu.Item component="a" href={href('csv')} download>
          CSV, with these columns
        </Menu.Item>
        <Menu.Item component="a" href={href('ndjson')} download>
          NDJSON, with everything
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
