import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from 'react';

/** The few parts that every door shares: native elements, styled in ground.css, so that phones and screen readers know them. */

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'act' | 'plain' | 'danger' | 'link';
  /** Shows that it is being worked on; a second press does nothing. */
  readonly busy?: boolean;
}

export function Button({
  look = 'plain',
  busy = false,
  type = 'button',
  onClick,
  className,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      className={`button ${look} ${className ?? ''}`}
      aria-busy={busy}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    />
  );
}

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly trouble?: ReactNode;
  /** Gets what ties the input to its label, its hint and its trouble. */
  readonly children: (ties: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean;
  }) => ReactNode;
}

export function Field({ label, hint, trouble, children }: FieldProps): ReactNode {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', trouble ? `${id}-trouble` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': Boolean(trouble) })}
      {trouble ? (
        <p className="trouble" id={`${id}-trouble`} role="alert">
          {trouble}
        </p>
      ) : null}
    </div>
  );
}

interface NoticeProps {
  readonly kind?: 'info' | 'good' | 'warn' | 'bad';
  readonly children: ReactNode;
}

/** Trouble is announced at once, everything else when there is a pause. */
export function Notice({ kind = 'info', children }: NoticeProps): ReactNode {
  return (
    <div className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

interface DialogProps {
  readonly title: ReactNode;
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: the browser keeps the focus inside and gives it back. Without `onClose` it cannot be left. */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}

/** Seen after a moment only: what is quick does not flicker. */
export function Waiting({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="waiting" role="status">
      {children}
    </p>
  );
}
