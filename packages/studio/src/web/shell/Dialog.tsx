import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../texts/texts.tsx';
import './shell.css';

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  /** Escape, the cross, or a click beside it. */
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog: the browser keeps the focus inside and gives it back. What is inside is made anew each time. */
export function Dialog({ title, open, onClose, wide = false, children }: DialogProps) {
  const t = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: escape does what a click beside it does.
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // Of this dialog only: a file field inside tells when its own was left.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && (
        <div className="dialog-content">
          <header className="dialog-head">
            <h2 id={titleId}>{title}</h2>
            <button type="button" className="button quiet" aria-label={t.common.close} onClick={onClose}>
              ×
            </button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
