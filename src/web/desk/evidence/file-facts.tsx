import type { ReactNode } from 'react';
import { useTexts } from '../../ground/language.js';
import type { Evidence } from '../case-types.js';
import { TEXTS } from './evidence-texts.js';

/** EXIF and the like: beside the picture, and always as a claim. */
export function FileFacts({ facts }: { readonly facts: Evidence['facts'] }): ReactNode {
  const say = useTexts(TEXTS);
  const rows = facts
    ? ([
        ['takenAt', facts.takenAt],
        ['place', facts.place && `${facts.place.latitude.toFixed(5)}, ${facts.place.longitude.toFixed(5)}`],
        ['device', facts.device],
        ['software', facts.software],
        ['pixels', facts.width && facts.height ? `${facts.width} × ${facts.height}` : null],
        ['pages', facts.pages],
      ] as const)
    : [];
  const said = rows.filter(([, value]) => value !== null && value !== undefined);
  return (
    <section>
      <h4>{say('facts')}</h4>
      {said.length === 0 ? (
        <p className="soft">{say('noFacts')}</p>
      ) : (
        <dl className="facts">
          {said.map(([label, value]) => (
            <div key={label}>
              <dt>{say(label)}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
