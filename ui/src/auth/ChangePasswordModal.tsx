import { Modal } from '@mantine/core';
import { usePasswordChange } from './PasswordForm';

interface ChangePasswordModalProps {
  opened: boolean;
  onClose: () => void;
}

export function ChangePasswordModal({ opened, onClose }: ChangePasswordModalProps) {
  const { fields, submit } = usePasswordChange(onClose);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Change password"
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
      size="sm"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {fields}
      </form>
    </Modal>
  );
}
