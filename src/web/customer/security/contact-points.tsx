import { type FormEvent, type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { type Text, textsOf, useSay, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { type Me, readMe, useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Dialog, Field } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';
import { Section } from './section.js';

const TEXTS = textsOf('contact-points', {
  title: { 'zh-CN': '联系方式', en: 'How we reach you' },
  why: {
    'zh-CN': '安全变动会通知这里的每一个。如果别人能看到其中一个，请马上标记。',
    en: 'Every change of your security is told to each of them. If somebody else can read one, mark it at once.',
  },
  since: { 'zh-CN': '登记于 ', en: 'On file since ' },
  unconfirmed: { 'zh-CN': '等待确认', en: 'Waiting to be confirmed' },
  compromised: { 'zh-CN': '已标记为被盗用', en: 'Marked as taken over' },
  mark: { 'zh-CN': '被别人控制了', en: 'Somebody else has it' },
  markNamed: { 'zh-CN': '标记 {{value}} 被别人控制', en: 'Mark {{value}} as taken over by somebody else' },
  remove: { 'zh-CN': '移除', en: 'Remove' },
  removeNamed: { 'zh-CN': '移除 {{value}}', en: 'Remove {{value}}' },
  again: { 'zh-CN': '重新发送', en: 'Send again' },
  againNamed: { 'zh-CN': '重新发送确认信息到 {{value}}', en: 'Send the confirmation to {{value}} again' },
  code: { 'zh-CN': '短信中的六位数字', en: 'Six digits of the text message' },
  confirm: { 'zh-CN': '确认号码', en: 'Confirm the number' },
  kind: { 'zh-CN': '添加', en: 'Add' },
  email: { 'zh-CN': '邮箱', en: 'E-mail address' },
  phone: { 'zh-CN': '电话', en: 'Telephone number' },
  phoneHint: { 'zh-CN': '带国家代码，例如 +86 …', en: 'With the country code, such as +44 …' },
  password: { 'zh-CN': '请再输入一次密码', en: 'Your password again' },
  add: { 'zh-CN': '添加', en: 'Add' },
  sent: { 'zh-CN': '已发送到 {{value}}。', en: 'Sent to {{value}}.' },
  followsTitle: { 'zh-CN': '从现在起', en: 'From now on' },
  close: { 'zh-CN': '知道了', en: 'Understood' },
  contact_point_known: { 'zh-CN': '这个联系方式已经登记。', en: 'This one is on file already.' },
  contact_value_refused: { 'zh-CN': '这不是有效的邮箱或号码。', en: 'This is no valid address or number.' },
  too_many_contact_points: { 'zh-CN': '联系方式太多，请先移除一个。', en: 'There are too many. Remove one first.' },
  sign_in_address: {
    'zh-CN': '这是您登录用的邮箱，不能移除。',
    en: 'This is the address you sign in with; it cannot be removed.',
  },
  contact_point_compromised: {
    'zh-CN': '已标记的联系方式只能由工作人员核实您的身份之后恢复。',
    en: 'A marked one is taken back only by staff, once your identity is proven.',
  },
  code_refused: { 'zh-CN': '验证码不对或已过期。', en: 'The code is wrong or has expired.' },
});

const OWN = [
  'contact_point_known',
  'contact_value_refused',
  'too_many_contact_points',
  'sign_in_address',
  'contact_point_compromised',
  'code_refused',
] as const;

export function ContactPoints(): ReactNode {
  const say = useTexts(TEXTS);
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

function useOwnTroubles(): Readonly<Record<string, string>> {
  const say = useTexts(TEXTS);
  return Object.fromEntries(OWN.map((code) => [code, say(code)]));
}

interface PointProps {
  readonly point: Me['contactPoints'][number];
  readonly onMarked: (what: Reply<'markContactPointCompromised'>) => void;
}

function ContactPoint({ point, onMarked }: PointProps): ReactNode {
  const say = useTexts(TEXTS);
  const act = useAct(useOwnTroubles());
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
      <span className="facts">
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
        <form onSubmit={confirm} className="facts">
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

function AddContactPoint(): ReactNode {
  const say = useTexts(TEXTS);
  const { secondFactor, passkeys } = useMe();
  const act = useAct({ ...usePasswordTroubles(), ...useOwnTroubles() });
  const [kind, setKind] = useState<'email' | 'phone'>('phone');
  const [value, setValue] = useState('');
  const [password, setPassword] = useState('');
  const strong = Boolean(secondFactor) || passkeys.length > 0;
  const add = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async (key) => {
      const wanted = kind === 'phone' ? value.replace(/[\s()-]/g, '') : value.trim();
      const body = { kind, value: wanted, ...(strong ? {} : { password }) };
      await call('addContactPoint', { body, key, reverify: strong });
      setValue('');
      setPassword('');
      await readMe();
    });
  };
  return (
    <form onSubmit={add}>
      <Field label={say('kind')}>
        {(ties) => (
          <select
            {...ties}
            value={kind}
            onChange={({ target }) => setKind(target.value === 'email' ? 'email' : 'phone')}
          >
            <option value="phone">{say('phone')}</option>
            <option value="email">{say('email')}</option>
          </select>
        )}
      </Field>
      <Field label={say(kind)} hint={kind === 'phone' ? say('phoneHint') : undefined} trouble={act.trouble}>
        {(ties) => (
          <input
            {...ties}
            type={kind === 'phone' ? 'tel' : 'email'}
            autoComplete={kind === 'phone' ? 'tel' : 'email'}
            required
            maxLength={254}
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        )}
      </Field>
      {strong ? null : <PasswordField label={say('password')} value={password} onChange={setPassword} />}
      <div className="actions">
        <Button type="submit" busy={act.busy}>
          {say('add')}
        </Button>
      </div>
    </form>
  );
}
