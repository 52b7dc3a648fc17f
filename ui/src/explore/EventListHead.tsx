import { Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import { columnLabel, moveColumn, removeColumn } from '../lib/columns';
import { clipText, visibleText } from '../lib/visible';
import classes from './EventList.module.css';

interface EventListHeadProps {
  columns: string[];
  order: 'asc' | 'desc';
  utc: boolean;
  onOrder: () => void;
  onColumns: (columns: string[]) => void;
}

const dragged = 'application/x-belfry-column';

/** The heads of the list: the order of time, and columns to drag or to move by a menu. */
export function EventListHead(props: EventListHeadProps) {
  const { columns, order, utc, onOrder, onColumns } = props;
  const [over, setOver] = useState<string | null>(null);
  const Arrow = order === 'desc' ? IconArrowDown : IconArrowUp;
  return (
    <div className={classes.head} role="row">
      <span role="columnheader" aria-sort={order === 'desc' ? 'descending' : 'ascending'}>
        <button
          type="button"
          className={classes.order}
          title={
            order === 'desc'
              ? 'Newest first; press for oldest first'
              : 'Oldest first; press for newest first'
          }
          onClick={onOrder}
        >
          Time {utc ? '(UTC)' : ''}
          <Arrow size={12} aria-hidden />
        </button>
      </span>
      {columns.map((column, at) => (
        <span key={column} role="columnheader">
          <span
            className={classes.column}
            data-over={over === column || undefined}
            draggable
            onDragStart={(drag) => drag.dataTransfer.setData(dragged, column)}
            onDragOver={(drag) => {
              if (!drag.dataTransfer.types.includes(dragged)) return;
              drag.preventDefault();
              setOver(column);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(drag) => {
              drag.preventDefault();
              setOver(null);
              onColumns(moveColumn(columns, drag.dataTransfer.getData(dragged), at));
            }}
          >
            <ColumnMenu column={column} at={at} columns={columns} onColumns={onColumns} />
          </span>
        </span>
      ))}
    </div>
  );
}

interface ColumnMenuProps {
  column: string;
  at: number;
  columns: string[];
  onColumns: (columns: string[]) => void;
}

function ColumnMenu({ column, at, columns, onColumns }: ColumnMenuProps) {
  const label = visibleText(clipText(columnLabel(column), 80));
  return (
    <Menu position="bottom-start" width={180}>
      <Menu.Target>
        <button type="button" title={`${visibleText(column)}: drag to move, press for more`}>
          {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={at === 0}
          onClick={() => onColumns(moveColumn(columns, column, at - 1))}
        >
          Move left
        </Menu.Item>
        <Menu.Item
          disabled={at === columns.length - 1}
          onClick={() => onColumns(moveColumn(columns, column, at + 1))}
        >
          Move right
        </Menu.Item>
        <Menu.Item onClick={() => onColumns(removeColumn(columns, column))}>
          Remove column
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
