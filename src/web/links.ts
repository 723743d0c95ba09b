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
}

function passwordForm(form: Form, trouble?: Text): void {
  const input = element('input', [], {
    id: 'password',
    type: 'password',
    required: true,
    autocomplete: form.autocomplete,
  });
  show(() => {
    const button = element('button', say(form.act), { type: 'submit' });
    const sheet = element('form', [
      element('label', say(TEXTS.password), { htmlFor: 'password' }),
      input,
      ...(trouble ? [bad(trouble)] : []),
      button,
    ]);
    sheet.onsubmit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      const answer = await ask('POST', form.path, { token: secret, password: input.value });
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
