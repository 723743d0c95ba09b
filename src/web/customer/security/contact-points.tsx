import { type ReactNode, useState } from 'react';
import { type Text, useSay, useTexts } from '../../ground/language.js';
import { useMe } from '../../ground/session.js';
import { Button, Dialog } from '../../ground/ui.js';
import { AddContactPoint } from './add-contact-point.js';
import { ContactPoint } from './contact-point.js';
import { CONTACT_TEXTS } from './contact-texts.js';
import { Section } from './section.js';

export function ContactPoints(): ReactNode {
  const say = useTexts(CONTACT_TEXTS);
  const inWords = useSay();
  const { contactPoints } = useMe();
  const [follows, setFollows] = useState<readonly Text[]>();
  return (
    <Section id="contact-points" title={say('title')} why={say('why')}>
      <ul className="rows">
        {contactPoints.map((point) => (
          <ContactPoint key={point.id} point={point} onMarked={({ follows: next }) => setFollows(next)} />
        ))}
      </ul>
      <AddContactPoint />
      {follows ? (
        <Dialog title={say('followsTitle')} onClose={() => setFollows(undefined)}>
          <ul>
            {follows.map((line) => (
              <li key={line.en}>{inWords(line)}</li>
            ))}
          </ul>
          <div className="actions">
            <Button look="act" onClick={() => setFollows(undefined)}>
              {say('close')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </Section>
  );
}
