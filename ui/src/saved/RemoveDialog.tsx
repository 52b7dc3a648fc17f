import { removeSaved, type SavedQuery } from '../api';
import { visibleText } from '../lib/visible';
import { Confirm } from '../settings/parts';

interface RemoveDialogProps {
  saved: SavedQuery;
  onClose: () => void;
}

/** Asks before a saved search is removed. */
export default function RemoveDialog({ saved, onClose }: RemoveDialogProps) {
  return (
    <Confirm
      title="Remove a saved search"
      action="Remove"
      run={() => removeSaved(saved.id)}
      changes={['saved']}
      onClose={onClose}
    >
      {visibleText(saved.name)} is removed
      {saved.shared && ' for everybody'}
      {saved.schedule !== null && ', with the answers that were kept'}.
    </Confirm>
  );
}
