import { type FormEvent, type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { useTexts } from '../../ground/language.js';
import { type Me, readMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Field } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { CONTACT_TEXTS, useContactTroubles } from './contact-texts.js';

interface PointProps {
  readonly point: Me['contactPoints'][number];
  readonly onMarked: (what: Reply<'markContactPointCompromised'>) => void;
}

/** One address or number, and what can be done with it. */
export function ContactPoint({ point, onMarked }: PointProps): ReactNode {
  const say = useTexts(CONTACT_TEXTS);
  const act = useAct(useContactTroubles());
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);
  const params = { contactPointId: point.id };
  const { value } = point;
  const normal = point.trust === 'normal';
  const waits = normal && !point.confirmedAt;

  const mark = () =>
    void act.run(async (key) => {
      onMarked(await call('markContactPointCompromised', { params, key }));
      await readMe();
    });
  const remove = () =>
    void act.run(async () => {
      await call('removeContactPoint', { params });
      await readMe();
    });
  const again = () =>
    void act.run(async (key) => {
      await call('sendContactConfirmation', { params, key });
      setSent(true);
    });
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async (key) => {
      await call('confirmPhone', { params, body: { code: code.trim() }, key });
      await readMe();
    });
  };

  return (
    <li>
      <span className="row-facts">
        <strong>{value}</strong>
        <small>
          {say('since')}
          <Time at={point.addedAt} style="date" />
        </small>
        {waits ? <small>{say('unconfirmed')}</small> : null}
        {normal ? null : <strong className="trouble">{say('compromised')}</strong>}
        {sent ? <small role="status">{say('sent', { value })}</small> : null}
        {act.trouble ? (
          <span className="trouble" role="alert">
            {act.trouble}
          </span>
        ) : null}
      </span>
      <span className="actions">
        {waits ? (
          <Button busy={act.busy} aria-label={say('againNamed', { value })} onClick={again}>
            {say('again')}
          </Button>
        ) : null}
        {normal ? (
          <Button busy={act.busy} aria-label={say('markNamed', { value })} onClick={mark}>
            {say('mark')}
          </Button>
        ) : null}
        {normal ? (
          <Button busy={act.busy} aria-label={say('removeNamed', { value })} onClick={remove}>
            {say('remove')}
          </Button>
        ) : null}
      </span>
      {waits && point.kind === 'phone' ? (
        <form onSubmit={confirm} className="row-facts">
          <Field label={say('code')}>
            {(ties) => (
              <input
                {...ties}
                inputMode="numeric"
                autoComplete="one-time-code"
                pattern="[0-9]{6}"
                required
                value={code}
                onChange={({ target }) => setCode(target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={act.busy}>
            {say('confirm')}
          </Button>
        </form>
      ) : null}
    </li>
  );
}
