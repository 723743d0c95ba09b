type Language = 'zh-CN' | 'en';
type Text = Record<Language, string>;

const TEXTS = {
  language: { 'zh-CN': 'English', en: '中文' },
  noSecret: {
    'zh-CN': '这个链接不完整。请从邮件或页面上完整复制，再打开一次。',
    en: 'This link is incomplete. Copy all of it from the mail or the page and open it again.',
  },
  away: {
    'zh-CN': '现在联系不上服务器。请检查网络，稍后再试；您输入的内容还在。',
    en: 'The server cannot be reached right now. Check your connection and try again shortly; what you typed is still here.',
  },
  failed: { 'zh-CN': '现在无法完成。请稍后再试。', en: 'It could not be done right now. Try again shortly.' },
  slower: { 'zh-CN': '尝试次数太多。请过一会儿再试。', en: 'Too many tries. Wait a little and try again.' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  trackTitle: { 'zh-CN': '案件进展', en: 'Where your case stands' },
  trackWait: { 'zh-CN': '正在查询……', en: 'Looking it up …' },
  trackGone: {
    'zh-CN': '这个链接不再有效，或者从来没有有效过。',
    en: 'This link does not hold any more, or never did.',
  },
  number: { 'zh-CN': '案件编号', en: 'Case number' },
  status: { 'zh-CN': '状态', en: 'Status' },
  next: { 'zh-CN': '接下来', en: 'What comes next' },
  opened: { 'zh-CN': '报告时间', en: 'Reported' },
  confirmTitle: { 'zh-CN': '确认邮箱地址', en: 'Confirm your e-mail address' },
  confirmWhy: {
    'zh-CN': '请输入注册时设置的密码。如果不是您注册的，请关闭本页。',
    en: 'Enter the password you registered with. If it was not you who registered, close this page.',
  },
  confirmAct: { 'zh-CN': '确认', en: 'Confirm' },
  confirmDone: { 'zh-CN': '邮箱地址已确认，现在可以登录了。', en: 'The address is confirmed. You can sign in now.' },
  contactTitle: { 'zh-CN': '确认联系方式', en: 'Confirm this address' },
  contactWhy: {
    'zh-CN': '有人把这个邮箱添加为其账户的联系方式。如果不是您，请关闭本页。',
    en: 'Somebody added this mailbox to how they can be reached. If it was not you, close this page.',
  },
  contactAct: { 'zh-CN': '这是我的邮箱', en: 'This mailbox is mine' },
  contactDone: {
    'zh-CN': '已确认。从现在起，重要通知也会发到这个邮箱。',
    en: 'Confirmed. From now on important notices come here too.',
  },
  linkOver: {
    'zh-CN': '没有成功：链接已经用过或已过期。',
    en: 'That did not work: the link was used or has expired.',
  },
  notMeTitle: { 'zh-CN': '这不是我操作的', en: 'This was not me' },
  notMeWhy: {
    'zh-CN':
      '按下按钮后：您的所有登录立即结束；如果关联了交易所账户，我们请求交易所暂停提现几个小时；工作人员马上介入。交易和登录不会被关闭。如果是您本人操作的，请关闭本页。',
    en: 'The button ends all your sessions at once, asks the exchange to hold withdrawals for some hours where an account is linked, and calls our staff. Trading and signing in stay open. If it was you, close this page.',
  },
  notMeAct: { 'zh-CN': '不是我操作的，请保护我的账户', en: 'It was not me: protect my account' },
  notMeAsked: {
    'zh-CN': '所有登录已结束，已请求交易所暂停提现，工作人员已收到通知。请登录并更换密码，然后查看案件。',
    en: 'All sessions have ended, the exchange was asked to hold withdrawals, and our staff were called. Sign in, change your password, and follow the case there.',
  },
  notMeHeld: {
    'zh-CN': '所有登录已结束，工作人员已收到通知。提现此前已经暂停。请登录并更换密码，然后查看案件。',
    en: 'All sessions have ended and our staff were called. Withdrawals are on hold already. Sign in, change your password, and follow the case there.',
  },
  notMeTold: {
    'zh-CN': '所有登录已结束，工作人员已收到通知。这里不能再暂停提现：请登录并提交报告。',
    en: 'All sessions have ended and our staff were called. Withdrawals could not be held from here: sign in and report it.',
  },
  notMeGone: {
    'zh-CN': '没有成功：链接已经用过或已过期。如果您的账户有危险，请登录并提交报告，或不登录提交报告。',
    en: 'That did not work: the link was used or has expired. If your account is in danger, report it, signed in or not.',
  },
  setupTitle: { 'zh-CN': '设置密码', en: 'Set your password' },
  setupWhy: {
    'zh-CN': '至少 12 个字符，不要使用常见密码。链接只能使用一次。',
    en: 'At least 12 characters, and not a common one. The link works once.',
  },
  setupAct: { 'zh-CN': '保存密码', en: 'Save the password' },
  setupDone: {
    'zh-CN': '密码已保存。登录后请马上设置身份验证器。',
    en: 'The password is saved. Set up an authenticator as soon as you have signed in.',
  },
  resetTitle: { 'zh-CN': '设置新密码', en: 'Set a new password' },
  resetWhy: {
    'zh-CN':
      '请输入新密码，以及身份验证器上的六位动态验证码，或者一个恢复码。新密码至少 12 个字符，不要使用常见密码。设置之后，所有设备都需要重新登录。',
    en: 'Enter a new password, and the six digits of your authenticator app or one of your recovery codes. At least 12 characters, and not a common one. Every device will have to sign in again.',
  },
  resetAct: { 'zh-CN': '保存新密码', en: 'Save the new password' },
  resetDone: {
    'zh-CN': '新密码已保存，现在可以用它登录了。',
    en: 'The new password is saved. You can sign in with it now.',
  },
  resetRefused: {
    'zh-CN': '没有成功：链接已经用过或已过期，或者验证码不对。',
    en: 'That did not work: the link was used or has expired, or the code is not the one.',
  },
  needsStaff: {
    'zh-CN': '您的账户没有第二验证方式，不能自行设置新密码。请联系我们的工作人员，核实身份之后再登录。',
    en: 'Your account has no second factor, so it takes our staff to set a new password. Turn to them and show who you are.',
  },
  code: { 'zh-CN': '动态验证码或恢复码', en: 'Code from the authenticator, or recovery code' },
  password: { 'zh-CN': '密码', en: 'Password' },
  confirmRefused: {
    'zh-CN': '没有成功：链接已经用过或已过期，或者密码不对。',
    en: 'That did not work: the link was used or has expired, or the password is not the one.',
  },
  setupRefused: {
    'zh-CN': '没有成功：链接已经用过或已过期。请向管理员要一个新的。',
    en: 'That did not work: the link was used or has expired. Ask your administrator for a new one.',
  },
  tooShort: { 'zh-CN': '密码至少需要 12 个字符。', en: 'The password needs at least 12 characters.' },
  tooCommon: { 'zh-CN': '这个密码太常见，请换一个。', en: 'This password is too common. Choose another.' },
} satisfies Record<string, Text>;

const secret = location.hash.slice(1);
const page = document.getElementById('page') as HTMLElement;
const switcher = document.getElementById('language') as HTMLButtonElement;
let language: Language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
let draw: () => void = () => undefined;

const say = (text: Text): string => text[language];

/** Text goes in as text: nothing that comes from outside becomes markup. */
function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  content: string | Node[] = [],
  set: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...(typeof content === 'string' ? [content] : content));
  return Object.assign(made, set);
}

function show(how: () => Node[]): void {
  draw = () => {
    document.documentElement.lang = language;
    switcher.textContent = say(TEXTS.language);
    page.replaceChildren(...how());
  };
  draw();
}

const bad = (text: Text) => element('p', say(text), { className: 'bad', role: 'alert' });

async function track(): Promise<void> {
  show(() => [element('h1', say(TEXTS.trackTitle)), element('p', say(TEXTS.trackWait))]);
  const answer = await ask('GET', '/api/tracking', undefined, { 'Tracking-Token': secret });
  const { body } = answer;
  if (!answer.ok) {
    const again = element('button', say(TEXTS.again), { type: 'button', onclick: () => void track() });
    show(() => [element('h1', say(TEXTS.trackTitle)), bad(refusal(answer, TEXTS.trackGone)), again]);
    return;
  }
  const when = new Date(String(body['openedAt']));
  show(() => [
    element('h1', say(TEXTS.trackTitle)),
    element('dl', [
      ...row(TEXTS.number, String(body['number'])),
      ...row(TEXTS.status, say(body['title'] as Text)),
      ...row(TEXTS.next, say(body['next'] as Text)),
      ...row(TEXTS.opened, when.toLocaleString(language, { dateStyle: 'long', timeStyle: 'long' })),
    ]),
  ]);
}

const row = (name: Text, value: string) => [element('dt', say(name)), element('dd', value)];

interface Form {
  readonly title: Text;
  readonly why: Text;
  readonly act: Text;
  readonly done: Text;
  readonly refused: Text;
  readonly path: string;
  readonly autocomplete: 'current-password' | 'new-password';
  /** Asks for a code of the authenticator too. */
  readonly code?: true;
}

function passwordForm(form: Form, trouble?: Text): void {
  const input = element('input', [], {
    id: 'password',
    type: 'password',
    required: true,
    autocomplete: form.autocomplete,
  });
  const code = element('input', [], {
    id: 'code',
    required: true,
    autocomplete: 'one-time-code',
  });
  show(() => {
    const button = element('button', say(form.act), { type: 'submit' });
    const sheet = element('form', [
      element('label', say(TEXTS.password), { htmlFor: 'password' }),
      input,
      ...(form.code ? [element('label', say(TEXTS.code), { htmlFor: 'code' }), code] : []),
      ...(trouble ? [bad(trouble)] : []),
      button,
    ]);
    sheet.onsubmit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      const answer = await ask('POST', form.path, {
        token: secret,
        password: input.value,
        ...(form.code && secondFactor(code.value.trim())),
      });
      button.disabled = false;
      if (answer.ok) show(() => [element('h1', say(form.title)), element('p', say(form.done))]);
      else {
        trouble = refusal(answer, form.refused);
        draw();
        input.focus();
      }
    };
    return [element('h1', say(form.title)), element('p', say(form.why)), sheet];
  });
  input.focus();
}

interface Press {
  readonly title: Text;
  readonly why: Text;
  readonly act: Text;
  readonly path: string;
  readonly done: (body: Record<string, unknown>) => Text;
  readonly refused: Text;
}

/** A page that does nothing until its button is pressed: programs that read mails open every link. */
function pressPage(press: Press, trouble?: Text): void {
  show(() => {
    const button = element('button', say(press.act), { type: 'button' });
    button.onclick = async () => {
      button.disabled = true;
      const answer = await ask('POST', press.path, { token: secret });
      button.disabled = false;
      const { done } = press;
      if (answer.ok)
        show(() => [
          element('h1', say(press.title)),
          element('p', say(done(answer.body)), { role: 'status' }),
          ...caseNumber(answer.body),
        ]);
      else pressPage(press, refusal(answer, press.refused));
    };
    return [element('h1', say(press.title)), element('p', say(press.why)), ...(trouble ? [bad(trouble)] : []), button];
  });
}

const caseNumber = ({ caseNumber: number }: Record<string, unknown>) =>
  typeof number === 'string' ? [element('dl', row(TEXTS.number, number))] : [];

const AFTER_NOT_ME: Readonly<Record<string, Text>> = { asked: TEXTS.notMeAsked, 'in-force': TEXTS.notMeHeld };

/** Six digits are a code of the authenticator; anything else is a recovery code. */
const secondFactor = (typed: string) => (/^\d{6}$/.test(typed) ? { code: typed } : { recoveryCode: typed });

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method,
      headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: text ? JSON.parse(text) : {} };
  } catch {
    return { ok: false, status: 0, body: {} };
  }
}

function refusal({ status, body }: Answer, otherwise: Text): Text {
  if (status === 0) return TEXTS.away;
  if (status === 429) return TEXTS.slower;
  if (status >= 500) return TEXTS.failed;
  if (body['code'] === 'reset_needs_staff') return TEXTS.needsStaff;
  if (body['code'] === 'password_too_short') return TEXTS.tooShort;
  if (body['code'] === 'password_too_common') return TEXTS.tooCommon;
  return otherwise;
}

switcher.onclick = () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  draw();
};

if (!secret) show(() => [element('h1', 'Firebreak'), bad(TEXTS.noSecret)]);
else if (location.pathname === '/track') void track();
else if (location.pathname === '/confirm-address')
  passwordForm({
    title: TEXTS.confirmTitle,
    why: TEXTS.confirmWhy,
    act: TEXTS.confirmAct,
    done: TEXTS.confirmDone,
    refused: TEXTS.confirmRefused,
    path: '/api/registrations/confirmations',
    autocomplete: 'current-password',
  });
else if (location.pathname === '/confirm-contact')
  pressPage({
    title: TEXTS.contactTitle,
    why: TEXTS.contactWhy,
    act: TEXTS.contactAct,
    path: '/api/contact-confirmations',
    done: () => TEXTS.contactDone,
    refused: TEXTS.linkOver,
  });
else if (location.pathname === '/not-me')
  pressPage({
    title: TEXTS.notMeTitle,
    why: TEXTS.notMeWhy,
    act: TEXTS.notMeAct,
    path: '/api/security-changes/disownments',
    done: ({ hold }) => AFTER_NOT_ME[String(hold)] ?? TEXTS.notMeTold,
    refused: TEXTS.notMeGone,
  });
else if (location.pathname === '/reset-password')
  passwordForm({
    title: TEXTS.resetTitle,
    why: TEXTS.resetWhy,
    act: TEXTS.resetAct,
    done: TEXTS.resetDone,
    refused: TEXTS.resetRefused,
    path: '/api/password-resets/completions',
    autocomplete: 'new-password',
    code: true,
  });
else
  passwordForm({
    title: TEXTS.setupTitle,
    why: TEXTS.setupWhy,
    act: TEXTS.setupAct,
    done: TEXTS.setupDone,
    refused: TEXTS.setupRefused,
    path: '/api/setup',
    autocomplete: 'new-password',
  });

export {};
