import { Modal, Table } from '@mantine/core';

const shortcuts: [keys: string[], what: string][] = [
  [['/'], 'Write in the search field'],
  [['Enter'], 'Search; in the list: open the event'],
  [['j', '↓'], 'Next event'],
  [['k', '↑'], 'Previous event'],
  [['Esc'], 'Close the event, leave the search field'],
  [['Ctrl', 'Z'], 'Zoom out (drag in the histogram to zoom in, with Shift to compare)'],
  [['r'], 'Refresh'],
  [['l'], 'Live tail on and off'],
  [['t'], 'Choose the time range'],
  [['u'], 'Times in UTC or in local time'],
  [['w'], 'Wrap long lines'],
  [['1', '2', '3'], 'Events, patterns, compare; table and chart of a query'],
  [['c'], 'Compare a part with the rest'],
  [['i'], 'Search bar or Insights editor'],
  [['s'], 'Save, share, open what was saved'],
  [['Ctrl', 'Space'], 'What may stand here: fields, values, functions'],
  [['Shift', 'Enter'], 'In the editor: a new line (Enter runs the query)'],
  [['Shift', 'Alt', 'F'], 'In the editor: format'],
  [['Ctrl', 'K'], 'Go to a page, or do something by its name'],
  [['?'], 'This sheet'],
];

const syntax: [example: string, what: string][] = [
  ['timeout', 'events with this word in message, tags or payload'],
  ['timeout checkout', 'events with both words'],
  ['"connection refused"', 'events with this phrase'],
  ['timeout -healthcheck', 'events with the first word and without the second'],
  ['level:error', 'filters by a field, as a click in the list of fields does'],
  ['-tags.host:node-1', 'leaves out what has this value'],
  ['duration_ms:>1000', 'also :[1 TO 9], :*, :time*, :/regex/, :(a OR b)'],
  ['(refused OR reset)', 'alternatives; also AND and NOT'],
];

/** All keys on one sheet. */
export function HelpSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard and search"
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
      size="md"
    >
      <Table verticalSpacing={5} withRowBorders={false}>
        <Table.Tbody>
          {shortcuts.map(([keys, what]) => (
            <Table.Tr key={what}>
              <Table.Td w={150}>
                {keys.map((key) => (
                  <kbd key={key} style={{ marginRight: 4 }}>
                    {key}
                  </kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
          {syntax.map(([example, what]) => (
            <Table.Tr key={example}>
              <Table.Td>
                <code style={{ whiteSpace: 'nowrap' }}>{example}</code>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
